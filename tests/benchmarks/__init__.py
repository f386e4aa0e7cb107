"""Benchmarks: figures as ratios taken in one run, for machines are noisy. Few are judged: where it is said.

python -m tests.benchmarks                        all of them, in full: some two hours, most of it `year`
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
policies    a population watched for 240 days with outages of 5 hours to 25 days, judged by our rules and by two simpler
            policies: false and true claims, the share found, the delay; and how late the latest of 100,000 posts is
            that are due at once, and those found absent meanwhile. Fails where our rules call a post deleted that was
            not (--seed)
scenes      every way to be fooled of tests/test_scenarios.py, played on loopback and judged by the same three
year        a simulated year of 20, 300 and 1,000 posts, and the first days of 5,000 and 20,000 (--full: the year of
            each, which takes some two hours of a core and tells how far it is): time, memory, requests, rows, size, and
            what a post costs. Fails where a post was called deleted that was not
export      a bag of 1,000 and of 10,000 (--full: 100,000) deleted posts, in a process of its own: rows a second, memory
fuzz        mutated pages and random bytes (--minutes, --seed); fails, and names the page, where one raises, takes too
            long or too much memory
"""
