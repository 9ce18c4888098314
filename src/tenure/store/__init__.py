"""The only room that opens a database: the file and its layout, what is loaded, what is set aside."""
