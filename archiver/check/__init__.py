"""Checking: going to look at posts that are due.

    store.posts.due ─Posts→ a round of ≤ 20 posts, the latest first, as full as can be     (turns.py)
       each post endpoint, in its own thread:  controls · looks · controls  ─→ a Batch, valid or void (batch.py)
       store.observations.append(Batch) → steady.carried_on, else verdicts.judge → schedule.next_check: one transaction
                                                                                         (judging.py)
       authors of posts that were not served: a sibling seen in this round, else the account endpoint (authors.py)
    posts without an id: their short links are asked for it, on the same timetable                   (resolve.py)

Fetch in parallel, write from one thread: workers never touch the database. An exception inside an adapter is caught
in exactly one place (`batch.OpenBatch._ask`), kept as an unknown look, counted, and turns the exit code.
"""
