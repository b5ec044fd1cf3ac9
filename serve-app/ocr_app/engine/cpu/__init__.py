"""Engine `cpu`: reads pages with the RapidOCR models and puts the lines in order; nothing is downloaded."""
