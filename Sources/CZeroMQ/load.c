#include "CZeroMQ.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/eventfd.h>

/* Only what is called is declared here, so that no headers are needed to build. */
static struct {
  int (*errno_)(void);
  const char *(*strerror)(int);
  void *(*ctx_new)(void);
  int (*ctx_term)(void *);
  int (*ctx_shutdown)(void *);
  void *(*socket)(void *, int);
  int (*close)(void *);
  int (*setsockopt)(void *, int, const void *, size_t);
  int (*getsockopt)(void *, int, void *, size_t *);
  int (*bind)(void *, const char *);
  int (*connect)(void *, const char *);
  int (*send)(void *, const void *, size_t, int);
  int (*msg_init)(void *);
  int (*msg_recv)(void *, void *, int);
  void *(*msg_data)(void *);
  size_t (*msg_size)(const void *);
  int (*msg_more)(const void *);
  int (*msg_close)(void *);
  int (*poll)(void *, int, long);
  int (*curve_keypair)(char *, char *);
} zmq;

static struct {
  size_t (*statebytes)(void);
  int (*init)(void *, const unsigned char *, size_t);
  int (*update)(void *, const unsigned char *, unsigned long long);
  int (*final)(void *, unsigned char *);
} hmac;

static const char *problem;

static void *opened(const char *const *names) {
  void *library = NULL;
  for (; *names && !library; names++) library = dlopen(*names, RTLD_NOW);
  return library;
}

static int complete = 1;

static void *symbol(void *library, const char *name) {
  void *found = dlsym(library, name);
  if (!found) complete = 0;
  return found;
}

#define TAKE(table, member, library, name) table.member = (__typeof__(table.member))symbol(library, name)

static void load(void) {
  static const char *const zmq_names[] = {"libzmq.so.5", "libzmq.5.dylib", 0};
  static const char *const sodium_names[] = {"libsodium.so.23", "libsodium.so.26", "libsodium.so", "libsodium.dylib", 0};
  void *library = opened(zmq_names);
  if (!library) {
    problem = "libzmq.so.5 cannot be loaded: install Debian's libzmq5";
    return;
  }
  void *sodium = opened(sodium_names);
  if (!sodium) {
    problem = "libsodium cannot be loaded: install Debian's libsodium23";
    return;
  }
  TAKE(zmq, errno_, library, "zmq_errno");
  TAKE(zmq, strerror, library, "zmq_strerror");
  TAKE(zmq, ctx_new, library, "zmq_ctx_new");
  TAKE(zmq, ctx_term, library, "zmq_ctx_term");
  TAKE(zmq, ctx_shutdown, library, "zmq_ctx_shutdown");
  TAKE(zmq, socket, library, "zmq_socket");
  TAKE(zmq, close, library, "zmq_close");
  TAKE(zmq, setsockopt, library, "zmq_setsockopt");
  TAKE(zmq, getsockopt, library, "zmq_getsockopt");
  TAKE(zmq, bind, library, "zmq_bind");
  TAKE(zmq, connect, library, "zmq_connect");
  TAKE(zmq, send, library, "zmq_send");
  TAKE(zmq, msg_init, library, "zmq_msg_init");
  TAKE(zmq, msg_recv, library, "zmq_msg_recv");
  TAKE(zmq, msg_data, library, "zmq_msg_data");
  TAKE(zmq, msg_size, library, "zmq_msg_size");
  TAKE(zmq, msg_more, library, "zmq_msg_more");
  TAKE(zmq, msg_close, library, "zmq_msg_close");
  TAKE(zmq, poll, library, "zmq_poll");
  TAKE(zmq, curve_keypair, library, "zmq_curve_keypair");
  TAKE(hmac, statebytes, sodium, "crypto_auth_hmacsha256_statebytes");
  TAKE(hmac, init, sodium, "crypto_auth_hmacsha256_init");
  TAKE(hmac, update, sodium, "crypto_auth_hmacsha256_update");
  TAKE(hmac, final, sodium, "crypto_auth_hmacsha256_final");
  if (!complete) problem = "the libzmq.so.5 or libsodium that was found lacks functions: install Debian's libzmq5";
  else if (hmac.statebytes() > sizeof(mdm_hmac)) problem = "the libsodium that was found is of a version that mdm does not know";
}

const char *mdm_zmq_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return problem;
}

int mdm_wake_descriptor(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

int mdm_zmq_errno(void) { return zmq.errno_(); }
const char *mdm_zmq_error(int number) { return zmq.strerror(number); }
void *mdm_zmq_context(void) { return zmq.ctx_new(); }
int mdm_zmq_context_end(void *context) { return zmq.ctx_term(context); }
int mdm_zmq_context_shutdown(void *context) { return zmq.ctx_shutdown(context); }
void *mdm_zmq_socket(void *context, int type) { return zmq.socket(context, type); }
int mdm_zmq_close(void *socket) { return zmq.close(socket); }
int mdm_zmq_set(void *socket, int option, const void *value, size_t count) { return zmq.setsockopt(socket, option, value, count); }
int mdm_zmq_get(void *socket, int option, void *value, size_t *count) { return zmq.getsockopt(socket, option, value, count); }
int mdm_zmq_bind(void *socket, const char *address) { return zmq.bind(socket, address); }
int mdm_zmq_connect(void *socket, const char *address) { return zmq.connect(socket, address); }
int mdm_zmq_send(void *socket, const void *bytes, size_t count, int flags) { return zmq.send(socket, bytes, count, flags); }

int mdm_zmq_receive(void *socket, mdm_zmq_frame *frame, int flags) {
  zmq.msg_init(frame);
  return zmq.msg_recv(frame, socket, flags);
}

const void *mdm_zmq_bytes(mdm_zmq_frame *frame) { return zmq.msg_data(frame); }
size_t mdm_zmq_count(mdm_zmq_frame *frame) { return zmq.msg_size(frame); }
int mdm_zmq_more(mdm_zmq_frame *frame) { return zmq.msg_more(frame); }
void mdm_zmq_release(mdm_zmq_frame *frame) { zmq.msg_close(frame); }
/* mdm_zmq_poll_item is laid out as zmq_pollitem_t. */
int mdm_zmq_poll(mdm_zmq_poll_item *items, int count, long milliseconds) { return zmq.poll(items, count, milliseconds); }
int mdm_zmq_curve_keys(char public_key[41], char secret_key[41]) { return zmq.curve_keypair(public_key, secret_key); }

void mdm_hmac_begin(mdm_hmac *state, const uint8_t *key, size_t count) { hmac.init(state, key, count); }
void mdm_hmac_add(mdm_hmac *state, const uint8_t *bytes, size_t count) { hmac.update(state, bytes, count); }
void mdm_hmac_end(mdm_hmac *state, uint8_t digest[32]) { hmac.final(state, digest); }
