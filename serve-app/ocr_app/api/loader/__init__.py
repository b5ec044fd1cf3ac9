"""`PUT /process`: the external document loader of Open WebUI, to which every uploaded file goes."""
