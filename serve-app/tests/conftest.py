"""Settings of the tools that every test folder shares."""

import hypothesis

# Times on a busy machine say nothing about the code.
hypothesis.settings.register_profile("default", deadline=None)
hypothesis.settings.load_profile("default")
