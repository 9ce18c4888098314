"""One module per command, found by its name; each holds `COMMAND`. An underscore ends a name that Python keeps."""
