package org.sipdispatch.sip;

/** What arrived: a request, a response, or bytes that are neither and why. */
public sealed interface SipInput permits SipRequest, SipResponse, ParseFailure {}
