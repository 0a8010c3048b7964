"""What the client may ask, one file a family of requests.

Handlers run on the loop's thread: they take snapshots, hand work to the worker and send what it made.
"""
