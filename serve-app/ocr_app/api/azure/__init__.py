"""Three routes of Azure Document Intelligence, by which Paperless-ngx has its documents read."""
