"""What runs inside Ray Serve's HTTP proxy, in front of Serve: it bounds connections, headers and bodies."""
