"""Where rows come from: files, folders, dataframes. Nothing here writes to a store."""
