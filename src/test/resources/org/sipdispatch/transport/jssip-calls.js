// The page of JsSipTest: a phone in a browser, which the test drives.
import JsSIP from 'jssip';

const NOTHING_TO_RECORD = { audio: false, video: false };

/** Resolves with who hung up; rejects with the cause of a failure. `mine`: whether this side hangs up. */
function ended(session, mine) {
  return new Promise((resolve, reject) => {
    session.on('confirmed', () => {
      if (mine) {
        session.terminate();
      }
    });
    session.on('ended', (event) => resolve(event.originator));
    // It comes after the failure that it causes.
    session.on('peerconnection:setremotedescriptionfailed', reject);
    session.on('failed', (event) =>
      setTimeout(() => reject(new Error(`${event.originator}: ${event.cause}`)), 100),
    );
  });
}

/** Registers at the node; incoming calls are answered, and hung up if their X-Hangup is `called`. */
window.register = (url) =>
  new Promise((resolve, reject) => {
    const ua = new JsSIP.UA({
      sockets: [new JsSIP.WebSocketInterface(url)],
      uri: 'sip:browser@example.com',
      session_timers: false,
    });
    window.ua = ua;
    window.incoming = [];
    ua.on('registered', () => resolve('registered'));
    ua.on('registrationFailed', (event) => reject(new Error(event.cause)));
    ua.on('newRTCSession', ({ originator, session, request }) => {
      if (originator === 'remote') {
        const mine = request.getHeader('X-Hangup') === 'called';
        ended(session, mine).then(
          (who) => window.incoming.push(who),
          (error) => window.incoming.push(error.message),
        );
        session.answer({ mediaConstraints: NOTHING_TO_RECORD });
      }
    });
    ua.start();
  });

/** Calls; `hangup`: `caller` or `called`. */
window.call = (hangup) =>
  ended(
    window.ua.call('sip:callee@example.com', {
      mediaConstraints: NOTHING_TO_RECORD,
      rtcOfferConstraints: { offerToReceiveAudio: true },
      extraHeaders: [`X-Hangup: ${hangup}`],
    }),
    hangup === 'caller',
  );
