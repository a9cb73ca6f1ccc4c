package org.sipdispatch.sip;

/** The result of parsing: a request, a response, or the reason why the bytes are neither. */
public sealed interface ParseResult permits SipRequest, SipResponse, ParseFailure {}
