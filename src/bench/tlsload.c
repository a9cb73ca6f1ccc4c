/*
 * tlsload: SIP load through a proxy on loopback, over UDP or TLS on either side, and TLS handshakes. One thread.
 *
 *   tlsload -x PORT -i udp|tls -d PORT -o udp|tls -C CERT -K KEY -n COUNT [-M METHOD] [-u USER] [-W WINDOW] [-c CONNECTIONS] -P PIDS
 *   tlsload -x PORT -H -n COUNT [-R] [-2] [-W WINDOW] -P PIDS
 *
 *   -x PORT    the proxy's port on 127.0.0.1, for the transport of -i, or for TLS with -H
 *   -i -o      the transports of the caller and of the destination, which are both played here
 *   -d PORT    the destination's port on 127.0.0.1
 *   -C -K      the certificate and key of the destination and of callers over TLS, PEM files
 *   -n COUNT   requests, or handshakes
 *   -M METHOD  OPTIONS, or INVITE with SDP (default)
 *   -u USER    the user of the Request-URI
 *   -W WINDOW  the most of them under way (default 32)
 *   -c CONNS   the caller's TLS connections (default 8)
 *   -H         handshakes: each connects, and closes as soon as its handshake is complete
 *   -R         with -H: sessions are resumed
 *   -2         with -H: TLS 1.2
 *   -P PIDS    processes whose processor time is charged, separated by commas
 *
 * Closed loop: a request counts when its 200 is back at the caller. Two messages are relayed for each. Prints one line.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MESSAGE 4096
#define QUEUE (1 << 20)
#define MOST_CONNECTIONS 1024

enum kind { CALLER_UDP, CALLER_TLS, CALLEE_UDP, CALLEE_TLS, LISTENER };

struct peer {
    enum kind kind;
    int fd, used, queued, ready;
    SSL *ssl;
    char in[QUEUE], out[QUEUE];
};

static SSL_CTX *client_context, *server_context;
static SSL_SESSION *session;
static struct peer *callers[MOST_CONNECTIONS];
static int connections = 8, poller, tls_in, tls_out, proxy_port, callee_port;
static const char *method = "INVITE", *user = "callee";
static char pids[1024];
static long finished, failed, base;
static const char SDP[] =
    "v=0\r\no=- 20518 0 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8 0 101\r\n"
    "a=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=sendrecv\r\n";

static void die(const char *what) {
    perror(what);
    ERR_print_errors_fp(stderr);
    exit(2);
}

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

/* user and system time of the processes, in seconds */
static double processor_time(void) {
    char list[1024], path[64], line[1024], *rest = NULL;
    double sum = 0;
    snprintf(list, sizeof list, "%s", pids);
    for (char *pid = strtok_r(list, ",", &rest); pid; pid = strtok_r(NULL, ",", &rest)) {
        snprintf(path, sizeof path, "/proc/%s/stat", pid);
        FILE *file = fopen(path, "r");
        if (!file) die(path);
        unsigned long usr = 0, sys = 0;
        char *end = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
        if (!end || sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &usr, &sys) != 2) die(path);
        sum += (double)(usr + sys) / sysconf(_SC_CLK_TCK);
        fclose(file);
    }
    return sum;
}

static struct sockaddr_in at(int port) {
    return (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void add(struct peer *peer) {
    fcntl(peer->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {EPOLLIN, {.ptr = peer}};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, peer->fd, &event)) die("epoll_ctl");
}

static struct peer *new_peer(enum kind kind, int fd) {
    struct peer *peer = calloc(1, sizeof *peer);
    peer->kind = kind;
    peer->fd = fd;
    return peer;
}

static int local_port(int fd) {
    struct sockaddr_in local;
    socklen_t length = sizeof local;
    getsockname(fd, (void *)&local, &length);
    return ntohs(local.sin_port);
}

static int stream_to(int port) {
    int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
    struct sockaddr_in to = at(port);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(fd, (void *)&to, sizeof to)) die("connect");
    return fd;
}

static struct peer *udp(enum kind kind, int port) {
    int fd = socket(AF_INET, SOCK_DGRAM, 0), large = 8 << 20;
    struct sockaddr_in local = at(port);
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof large);
    if (bind(fd, (void *)&local, sizeof local)) die("bind");
    struct peer *peer = new_peer(kind, fd);
    add(peer);
    return peer;
}

static void flush(struct peer *peer) {
    while (peer->ready && peer->queued > 0) {
        int written = SSL_write(peer->ssl, peer->out, peer->queued);
        if (written <= 0) return;
        memmove(peer->out, peer->out + written, peer->queued - written);
        peer->queued -= written;
    }
}

static void send_to(struct peer *peer, const char *message, int length, struct sockaddr_in *to) {
    if (!peer->ssl) {
        if (sendto(peer->fd, message, length, 0, (void *)to, sizeof *to) < 0) die("sendto");
        return;
    }
    if (peer->queued + length > QUEUE) die("the proxy does not read");
    memcpy(peer->out + peer->queued, message, length);
    peer->queued += length;
    flush(peer);
}

static void request(long number) {
    char message[MESSAGE];
    struct peer *caller = callers[number % connections];
    struct sockaddr_in to = at(proxy_port);
    const char *transport = tls_in ? "TLS" : "UDP", *parameter = tls_in ? ";transport=tls" : "";
    int port = local_port(caller->fd), sdp = !strcmp(method, "INVITE");
    int length = snprintf(message, sizeof message,
        "%s sip:%s@dispatch.example.com SIP/2.0\r\nVia: SIP/2.0/%s 127.0.0.1:%d;branch=z9hG4bK%lx-%lx;rport\r\nMax-Forwards: 70\r\n"
        "From: \"Caller\" <sip:caller@a.example.com>;tag=%lx\r\nTo: <sip:%s@dispatch.example.com>\r\nCall-ID: %lx-%lx@127.0.0.1\r\n"
        "CSeq: 1 %s\r\nContact: <sip:caller@127.0.0.1:%d%s>\r\nUser-Agent: load\r\nAllow: INVITE, ACK, BYE, CANCEL, OPTIONS, INFO, UPDATE\r\n"
        "%sContent-Length: %zu\r\n\r\n%s",
        method, user, transport, port, base, number, number, user, base, number, method, port, parameter,
        sdp ? "Content-Type: application/sdp\r\n" : "", sdp ? sizeof SDP - 1 : 0, sdp ? SDP : "");
    send_to(caller, message, length, &to);
}

static int header_is(const char *line, const char *name) {
    return !strncasecmp(line, name, strlen(name));
}

static void answer(struct peer *callee, const char *message, int head, struct sockaddr_in *from) {
    char out[MESSAGE];
    int length = sprintf(out, "SIP/2.0 200 OK\r\n");
    const char *end = message + head;
    for (const char *line = memchr(message, '\n', head); line && ++line < end && *line != '\r'; line = memchr(line, '\n', end - line)) {
        int size = (int)((char *)memchr(line, '\n', end - line) + 1 - line);
        int is_to = header_is(line, "To:");
        if (is_to) size -= 2;
        if (is_to || header_is(line, "Via:") || header_is(line, "From:") || header_is(line, "Call-ID:") || header_is(line, "CSeq:")
            || header_is(line, "Record-Route:")) {
            memcpy(out + length, line, size);
            length += size;
            if (is_to) length += sprintf(out + length, ";tag=callee\r\n");
        }
    }
    length += sprintf(out + length, "Contact: <sip:callee@127.0.0.1:%d%s>\r\nContent-Length: 0\r\n\r\n", callee_port, tls_out ? ";transport=tls" : "");
    send_to(callee, out, length, from);
}

static void arrived(struct peer *peer, const char *message, int head, struct sockaddr_in *from) {
    int is_response = header_is(message, "SIP/2.0 ");
    if (peer->kind == CALLEE_UDP || peer->kind == CALLEE_TLS) {
        if (!is_response && !header_is(message, "ACK ")) answer(peer, message, head, from);
    } else if (is_response && message[8] != '1') {
        if (message[8] == '2') finished++;
        else failed++;
    }
}

/* the messages in the buffer of a stream */
static void frame(struct peer *peer) {
    char *message = peer->in, *end = peer->in + peer->used;
    while (message < end) {
        char *blank = memmem(message, end - message, "\r\n\r\n", 4);
        if (!blank) break;
        int head = (int)(blank + 4 - message);
        char *length = strcasestr(message, "\nContent-Length:");
        int whole = head + (length && length < blank ? atoi(length + 16) : 0);
        if (message + whole > end) break;
        arrived(peer, message, head, NULL);
        message += whole;
    }
    peer->used = (int)(end - message);
    memmove(peer->in, message, peer->used);
    peer->in[peer->used] = 0;
}

static void read_tls(struct peer *peer) {
    if (!peer->ready) {
        int done = SSL_do_handshake(peer->ssl);
        if (done != 1) {
            if (SSL_get_error(peer->ssl, done) != SSL_ERROR_WANT_READ) die("handshake");
            return;
        }
        peer->ready = 1;
    }
    flush(peer);
    int got;
    while ((got = SSL_read(peer->ssl, peer->in + peer->used, QUEUE - 1 - peer->used)) > 0) {
        peer->used += got;
        peer->in[peer->used] = 0;
        frame(peer);
    }
    if (SSL_get_error(peer->ssl, got) != SSL_ERROR_WANT_READ) {
        epoll_ctl(poller, EPOLL_CTL_DEL, peer->fd, NULL);
        if (peer->kind == CALLER_TLS) die("the proxy closed a connection");
    }
}

static void read_udp(struct peer *peer) {
    char message[MESSAGE];
    struct sockaddr_in from;
    socklen_t size = sizeof from;
    int length;
    while ((length = recvfrom(peer->fd, message, sizeof message - 1, MSG_DONTWAIT, (void *)&from, &size)) > 0) {
        message[length] = 0;
        char *blank = strstr(message, "\r\n\r\n");
        if (blank) arrived(peer, message, (int)(blank + 4 - message), &from);
    }
}

static void accept_tls(struct peer *listener) {
    int fd = accept(listener->fd, NULL, NULL), one = 1;
    if (fd < 0) return;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct peer *peer = new_peer(CALLEE_TLS, fd);
    add(peer);
    peer->ssl = SSL_new(server_context);
    SSL_set_fd(peer->ssl, fd);
    SSL_set_accept_state(peer->ssl);
}

static int collect(int wait_ms) {
    struct epoll_event events[64];
    int many = epoll_wait(poller, events, 64, wait_ms);
    for (int i = 0; i < many; i++) {
        struct peer *peer = events[i].data.ptr;
        if (peer->kind == LISTENER) accept_tls(peer);
        else if (peer->ssl) read_tls(peer);
        else read_udp(peer);
    }
    return many;
}

static void open_all(void) {
    if (tls_out) {
        int fd = socket(AF_INET, SOCK_STREAM, 0), one = 1;
        struct sockaddr_in local = at(callee_port);
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
        if (bind(fd, (void *)&local, sizeof local) || listen(fd, 64)) die("listen");
        add(new_peer(LISTENER, fd));
    } else {
        udp(CALLEE_UDP, callee_port);
    }
    for (int i = 0; i < connections; i++) {
        if (!tls_in) {
            callers[i] = udp(CALLER_UDP, 0);
            continue;
        }
        struct peer *peer = callers[i] = new_peer(CALLER_TLS, stream_to(proxy_port));
        peer->ssl = SSL_new(client_context);
        SSL_set_fd(peer->ssl, peer->fd);
        if (SSL_connect(peer->ssl) != 1) die("handshake");
        peer->ready = 1;
        add(peer);
    }
}

/* returns the number of requests without an answer */
static long relay(long count, long window) {
    base = (long)(now() * 1e6);
    finished = failed = 0;
    double last = now();
    for (long sent = 0; finished + failed < count;) {
        while (sent < count && sent - finished - failed < window) request(sent++);
        long before = finished + failed;
        collect(1);
        if (finished + failed > before) last = now();
        else if (now() - last > 5) break;
    }
    return count - finished - failed;
}

static int keep(SSL *ssl, SSL_SESSION *fresh) {
    (void)ssl;
    if (session) return 0;
    session = fresh;
    return 1;
}

/* OpenSSL uses a session of TLS 1.3 once, so that each connection gets a copy */
static void resume_session(SSL *ssl) {
    SSL_SESSION *copy = SSL_SESSION_dup(session);
    SSL_set_session(ssl, copy);
    SSL_SESSION_free(copy);
}

/* returns the number of resumed sessions */
static long handshakes(long count, long window, int resume) {
    struct shake { int fd; SSL *ssl; } *shakes = calloc(window, sizeof *shakes);
    struct sockaddr_in to = at(proxy_port);
    long begun = 0, resumed = 0;
    finished = failed = 0;
    while (finished + failed < count) {
        for (long i = 0; i < window; i++) {
            struct shake *one = &shakes[i];
            if (!one->ssl && begun < count) {
                begun++;
                one->fd = socket(AF_INET, SOCK_STREAM, 0);
                if (connect(one->fd, (void *)&to, sizeof to)) die("connect");
                fcntl(one->fd, F_SETFL, O_NONBLOCK);
                one->ssl = SSL_new(client_context);
                SSL_set_fd(one->ssl, one->fd);
                SSL_set_connect_state(one->ssl);
                if (resume && session) resume_session(one->ssl);
                struct epoll_event event = {EPOLLIN, {.ptr = one}};
                if (epoll_ctl(poller, EPOLL_CTL_ADD, one->fd, &event)) die("epoll_ctl");
                SSL_do_handshake(one->ssl);
            }
        }
        struct epoll_event events[64];
        int many = epoll_wait(poller, events, 64, 1000);
        for (int i = 0; i < many; i++) {
            struct shake *one = events[i].data.ptr;
            int done = SSL_do_handshake(one->ssl), why = SSL_get_error(one->ssl, done);
            if (done != 1 && why == SSL_ERROR_WANT_READ) continue;
            if (done == 1) {
                char byte;
                /* the ticket of TLS 1.3 comes after the handshake */
                if (resume && !session && SSL_read(one->ssl, &byte, 1) <= 0 && !session) continue;
                finished++;
                resumed += SSL_session_reused(one->ssl);
                SSL_shutdown(one->ssl);
            } else {
                failed++;
            }
            ERR_clear_error();
            close(one->fd);
            SSL_free(one->ssl);
            one->ssl = NULL;
        }
    }
    free(shakes);
    return resumed;
}

static SSL_CTX *context(const SSL_METHOD *side, const char *certificate, const char *key) {
    SSL_CTX *made = SSL_CTX_new(side);
    SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    if (certificate && (SSL_CTX_use_certificate_chain_file(made, certificate) != 1 || SSL_CTX_use_PrivateKey_file(made, key, SSL_FILETYPE_PEM) != 1))
        die(certificate);
    return made;
}

int main(int argc, char **argv) {
    const char *certificate = NULL, *key = NULL;
    long count = 10000, window = 32;
    int only_handshakes = 0, resume = 0, tls12 = 0, option;
    while ((option = getopt(argc, argv, "x:i:o:d:C:K:n:M:u:W:c:HR2P:")) != -1) switch (option) {
        case 'x': proxy_port = atoi(optarg); break;
        case 'i': tls_in = !strcmp(optarg, "tls"); break;
        case 'o': tls_out = !strcmp(optarg, "tls"); break;
        case 'd': callee_port = atoi(optarg); break;
        case 'C': certificate = optarg; break;
        case 'K': key = optarg; break;
        case 'n': count = atol(optarg); break;
        case 'M': method = optarg; break;
        case 'u': user = optarg; break;
        case 'W': window = atol(optarg); break;
        case 'c': connections = atoi(optarg); break;
        case 'H': only_handshakes = 1; break;
        case 'R': resume = 1; break;
        case '2': tls12 = 1; break;
        case 'P': snprintf(pids, sizeof pids, "%s", optarg); break;
        default: return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    poller = epoll_create1(0);
    client_context = context(TLS_client_method(), certificate, key);
    server_context = context(TLS_server_method(), certificate, key);
    if (tls12) SSL_CTX_set_max_proto_version(client_context, TLS1_2_VERSION);
    if (resume) {
        SSL_CTX_set_session_cache_mode(client_context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(client_context, keep);
    }
    if (!only_handshakes) open_all();
    double began = now(), time = processor_time();
    long missing = 0, resumed = 0;
    if (only_handshakes) resumed = handshakes(count, window, resume);
    else missing = relay(count, window);
    time = processor_time() - time;
    double seconds = now() - began;
    printf("%s in=%s out=%s method=%s count=%ld seconds=%.2f per_s=%.0f lost=%ld failed=%ld resumed=%ld cpu_us=%.1f\n",
        only_handshakes ? "handshakes" : "relay", tls_in || only_handshakes ? "tls" : "udp", tls_out ? "tls" : "udp", method, finished, seconds,
        finished / seconds, missing, failed, resumed, finished ? time * 1e6 / finished / (only_handshakes ? 1 : 2) : 0);
    return missing || failed ? 1 : 0;
}
