"""Benchmarks: figures as ratios taken in one run, for machines are noisy. Never judged by a test.

python -m tests.benchmarks           full: 1,000 articles, 400 posts
python -m tests.benchmarks --small   the same, smaller, as the gate runs it
"""
