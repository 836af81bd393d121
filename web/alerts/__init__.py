"""Security alerts, apart from everything else, and the signals somebody denied."""
