package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** A node's response: the body as received, and parsed. */
record NodeResponse(String text, JsonNode json) {}
