"""The words of the house: frozen, slotted dataclasses, one noun a file, a sentence a field. Standard library only."""
