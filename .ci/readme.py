"""Print the README's shell blocks, so that they are run as written.

python .ci/readme.py test    the block that passes the tests
python .ci/readme.py all     every other block, in order
"""

import re
import sys
from pathlib import Path

README = Path(__file__).resolve().parent.parent / "README.md"


def main() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README.read_text(encoding="utf-8"), re.S | re.M)
    tests = [block for block in blocks if "pytest" in block]
    assert len(tests) == 1, "one block of the README passes the tests"
    chosen = tests if sys.argv[1] == "test" else [block for block in blocks if block not in tests]
    print("\n".join(chosen))


main()
