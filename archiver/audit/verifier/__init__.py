"""The verifier that goes into every bag: standard library only, Python 3.8 or later, nothing of this program.

Its modules are joined into the one file `verify.py` of a bag (see `joined`), so they import nothing of ours but one
another, a line an import, and no two of them define the same name. `archiver verify BAG` runs the very same code.
"""
