package org.sipdispatch.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** What a node answered: its text as it came, and what that says. */
record Answer(String text, JsonNode json) {}
