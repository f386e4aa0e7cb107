"""`python -m archiver`, and what the scripts `archiver` and `embed-archiver` call."""

from archiver.cli.main import main

if __name__ == "__main__":
    main()
