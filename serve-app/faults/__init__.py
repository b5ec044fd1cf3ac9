"""`npm run test:faults`: attacks a running service, kills its processes, and judges what its clients saw.

A kind of fault is a file of `kinds/`; a case is one attack with its goals (`case.py`). `run.py` starts the service as
`npm start` does and watches it from outside: `/health` from a process of its own, memory, file descriptors.
"""
