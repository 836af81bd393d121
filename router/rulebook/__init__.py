"""The rulebook: from rule files to one proved, total function over finite facts. Pure: no database, no current
time; files are read only by `load.read_folder`. Nothing here knows a rule's id or text: policy is data."""
