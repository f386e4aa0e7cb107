"""Benchmarks: figures as ratios taken in one run, for machines are noisy. None is judged; only `fuzz` can fail.

python -m tests.benchmarks                        all of them, in full: about half an hour, ten minutes of it `fuzz`
python -m tests.benchmarks --small                all of them, in small, as the gate runs them
python -m tests.benchmarks finding --corpus DIR   one, on real articles (HTML, text and Markdown files below DIR)

finding     embeds found: against reading, hashing, ten lines of BeautifulSoup; with --peers PYTHON also against
            tweetfinder and goose3, installed in that interpreter (pip install tweetfinder goose3)
processes   looking through many files: two processes against one
rescan      100,000 unchanged files, against os.walk and os.stat
archive     a scan into a new archive, against finding alone
memory      the peak of each process over 100,000 files, and over a web archive (--full: of 5 GB)
starting    --help and a query, against a bare interpreter
checking    looks at posts, against the bare requests
fuzz        mutated pages and random bytes (--minutes, --seed); fails, and names the page, where one raises, takes too
            long or too much memory
"""
