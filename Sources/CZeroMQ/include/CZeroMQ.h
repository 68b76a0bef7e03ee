#pragma once

#include <stddef.h>
#include <stdint.h>

/* libzmq and the HMAC of libsodium, loaded at first use: only the Jupyter kernel needs them, and nothing else should pay
 * for their start. Everything needs a successful mdm_zmq_load() before it. Numbers are those of libzmq's ABI 5. */

/* Loads both libraries, from any thread, once. Returns 0, or a static text that says what is missing. */
const char *mdm_zmq_load(void);

enum mdm_zmq_socket_type {
  MDM_ZMQ_SUB = 2,
  MDM_ZMQ_REQ = 3,
  MDM_ZMQ_REP = 4,
  MDM_ZMQ_DEALER = 5,
  MDM_ZMQ_ROUTER = 6,
  MDM_ZMQ_XPUB = 9
};

enum mdm_zmq_option {
  MDM_ZMQ_ROUTING_ID = 5,
  MDM_ZMQ_SUBSCRIBE = 6,
  MDM_ZMQ_LINGER = 17,
  MDM_ZMQ_MAXMSGSIZE = 22, /* 64 bits wide */
  MDM_ZMQ_SNDHWM = 23,
  MDM_ZMQ_RCVHWM = 24,
  MDM_ZMQ_LAST_ENDPOINT = 32,
  MDM_ZMQ_XPUB_VERBOSE = 40,
  MDM_ZMQ_CURVE_SERVER = 47,
  MDM_ZMQ_CURVE_PUBLICKEY = 48,
  MDM_ZMQ_CURVE_SECRETKEY = 49,
  MDM_ZMQ_CURVE_SERVERKEY = 50,
  MDM_ZMQ_ROUTER_HANDOVER = 56
};

enum { MDM_ZMQ_DONTWAIT = 1, MDM_ZMQ_SNDMORE = 2 };
enum { MDM_ZMQ_POLLIN = 1 };

/* Functions give what libzmq gives: -1 or NULL with mdm_zmq_errno() on failure. */
int mdm_zmq_errno(void);
const char *mdm_zmq_error(int number);

void *mdm_zmq_context(void);
/* Waits until what was sent has left, for as long as each socket lingers. */
int mdm_zmq_context_end(void *context);
/* Blocking calls on its sockets end with ETERM. */
int mdm_zmq_context_shutdown(void *context);

void *mdm_zmq_socket(void *context, int type);
int mdm_zmq_close(void *socket);
int mdm_zmq_set(void *socket, int option, const void *value, size_t count);
int mdm_zmq_get(void *socket, int option, void *value, size_t *count);
int mdm_zmq_bind(void *socket, const char *address);
int mdm_zmq_connect(void *socket, const char *address);
int mdm_zmq_send(void *socket, const void *bytes, size_t count, int flags);

/* One frame of a message: a zmq_msg_t. Every frame received has to be released. */
typedef struct {
  _Alignas(8) unsigned char storage[64];
} mdm_zmq_frame;

int mdm_zmq_receive(void *socket, mdm_zmq_frame *frame, int flags);
const void *mdm_zmq_bytes(mdm_zmq_frame *frame);
size_t mdm_zmq_count(mdm_zmq_frame *frame);
/* Whether the message has a further frame. */
int mdm_zmq_more(mdm_zmq_frame *frame);
void mdm_zmq_release(mdm_zmq_frame *frame);

/* A socket, or a file descriptor where the socket is NULL. */
typedef struct {
  void *socket;
  int descriptor;
  short events;
  short returned;
} mdm_zmq_poll_item;

int mdm_zmq_poll(mdm_zmq_poll_item *items, int count, long milliseconds);

/* A descriptor that wakes whoever polls it: 8 bytes written to it make it readable. Needs no library. */
int mdm_wake_descriptor(void);

/* A new pair of CurveZMQ keys as Z85 text: 40 characters and a zero each. -1 where libzmq has no CURVE. */
int mdm_zmq_curve_keys(char public_key[41], char secret_key[41]);

/* HMAC-SHA256 of several parts, one after the other. */
typedef struct {
  _Alignas(16) unsigned char storage[512];
} mdm_hmac;

void mdm_hmac_begin(mdm_hmac *state, const uint8_t *key, size_t count);
void mdm_hmac_add(mdm_hmac *state, const uint8_t *bytes, size_t count);
void mdm_hmac_end(mdm_hmac *state, uint8_t digest[32]);
