"""Files in and out: streams of raw records, the shapes that are recognised, and the formats that are written."""
