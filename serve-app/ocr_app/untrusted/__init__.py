"""Work on clients' files in child processes, which can be killed: `pool.py` in the parent, `child.py` in the child.

A decoder may crash, loop or take all memory. Here that ends one small process and one request, never the engine. A
child has limits of time and memory, no secrets in its environment and no file or socket of its parent, and ends with
it. A job is a function in `jobs.py`, named in the request; a file goes in and bytes come out in shared memory.
"""
