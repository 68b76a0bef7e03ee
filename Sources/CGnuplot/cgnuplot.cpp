#include <cassert>  // gnuplot-iostream uses assert without including it

#include "cgnuplot.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <gnuplot-iostream.h>

extern char **environ;

struct cgnuplot {
  std::unique_ptr<gnuplotio::Gnuplot> stream;
  pid_t pid = -1;
  int output = -1;
  unsigned long tag = 0;
  bool failed = false;
};

namespace {

// A gnuplot that has died must not take the process with it: SIGPIPE is held back in this thread
// while we write and a pending one is eaten, so that the process's own setting stays as it was.
class PipeSignalGuard {
 public:
  PipeSignalGuard() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigemptyset(&pending);
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &previous_);
  }
  ~PipeSignalGuard() {
    if (!was_pending_) {
      const struct timespec now = {0, 0};
      while (sigtimedwait(&pipe_, nullptr, &now) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
  }

 private:
  sigset_t pipe_;
  sigset_t previous_;
  bool was_pending_ = false;
};

template <typename Body>
int guarded(Body body) {
  PipeSignalGuard guard;
  try {
    return body();
  } catch (...) {
    return -1;
  }
}

void close_pair(int pair[2]) {
  close(pair[0]);
  close(pair[1]);
}

int spawn(const char *program, int input, int output, pid_t *pid) {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_init(&files);
  posix_spawnattr_init(&attributes);
  posix_spawn_file_actions_adddup2(&files, input, 0);
  posix_spawn_file_actions_adddup2(&files, output, 1);
  posix_spawn_file_actions_adddup2(&files, output, 2);
  // Ctrl-C belongs to the caller: own process group, and SIGINT blocked for direct signals.
  sigset_t blocked, defaults;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGINT);
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGPIPE);
  posix_spawnattr_setsigmask(&attributes, &blocked);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  char no_defaults[] = "-d";  // no gnuplotrc: the same figure on every machine
  char *arguments[] = {const_cast<char *>(program), no_defaults, nullptr};
  // Text is UTF-8 whatever the user's locale; without one gnuplot complains about its degree sign.
  char utf8[] = "LC_ALL=C.UTF-8";
  std::vector<char *> environment;
  for (char **entry = environ; entry && *entry; ++entry)
    if (std::strncmp(*entry, "LC_ALL=", 7) != 0) environment.push_back(*entry);
  environment.push_back(utf8);
  environment.push_back(nullptr);
  const int error =
      posix_spawnp(pid, program, &files, &attributes, arguments, environment.data());
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  return error;
}

}  // namespace

extern "C" cgnuplot *cgnuplot_start(const char *program, int *error) {
  int input[2], output[2];
  *error = 0;
  if (pipe2(input, O_CLOEXEC)) {
    *error = errno;
    return nullptr;
  }
  if (pipe2(output, O_CLOEXEC)) {
    *error = errno;
    close_pair(input);
    return nullptr;
  }
  pid_t pid = -1;
  *error = spawn(program, input[0], output[1], &pid);
  close(input[0]);
  close(output[1]);
  if (*error) {
    close(input[1]);
    close(output[0]);
    return nullptr;
  }
  FILE *file = fdopen(input[1], "w");
  if (!file) {
    *error = errno;
    close(input[1]);
    close(output[0]);
    waitpid(pid, nullptr, 0);
    return nullptr;
  }
  try {
    auto process = std::make_unique<cgnuplot>();
    process->pid = pid;
    process->output = output[0];
    process->stream = std::make_unique<gnuplotio::Gnuplot>(file);
    return process.release();
  } catch (...) {
    *error = ENOMEM;
    close(output[0]);
    return nullptr;
  }
}

extern "C" void cgnuplot_stop(cgnuplot *process) {
  if (!process) return;
  guarded([&] {
    if (process->failed) kill(process->pid, SIGKILL);
    process->stream.reset();
    close(process->output);
    while (waitpid(process->pid, nullptr, 0) < 0 && errno == EINTR) {
    }
    return 0;
  });
  delete process;
}

extern "C" int cgnuplot_send(cgnuplot *process, const char *text) {
  if (process->failed) return -1;
  return guarded([&] {
    *process->stream << text << std::flush;
    return process->stream->good() ? 0 : -1;
  });
}

extern "C" int cgnuplot_send_columns(
    cgnuplot *process, const double *values, size_t columns, size_t rows, size_t row_length) {
  if (process->failed) return -1;
  return guarded([&] {
    using Line = std::vector<double>;
    std::vector<Line> lines(rows, Line(columns));
    for (size_t row = 0; row < rows; ++row)
      for (size_t column = 0; column < columns; ++column)
        lines[row][column] = values[column * rows + row];
    if (rows == 0) {
      *process->stream << "e" << std::endl;
    } else if (row_length == 0) {
      process->stream->send1d(lines);
    } else {
      std::vector<std::vector<Line>> surface;
      for (size_t row = 0; row < rows; row += row_length)
        surface.emplace_back(
            lines.begin() + static_cast<std::ptrdiff_t>(row),
            lines.begin() + static_cast<std::ptrdiff_t>(std::min(rows, row + row_length)));
      process->stream->send2d(surface);
    }
    return process->stream->good() ? 0 : -1;
  });
}

extern "C" int cgnuplot_synchronize(
    cgnuplot *process, int timeout_ms, char **text, size_t *length) {
  *text = nullptr;
  *length = 0;
  std::string received;
  int result = guarded([&] {
    using Clock = std::chrono::steady_clock;
    const auto deadline = Clock::now() + std::chrono::milliseconds(timeout_ms);
    const std::string mark = "@synchronized" + std::to_string(++process->tag) + "@\n";
    *process->stream << "\nprint '" << mark.substr(0, mark.size() - 1) << "'" << std::endl;
    char buffer[4096];
    for (;;) {
      const size_t at = received.find(mark);
      if (at != std::string::npos) {
        received.resize(at);
        return 0;
      }
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
      struct pollfd ready = {process->output, POLLIN, 0};
      const int count = left > 0 ? poll(&ready, 1, static_cast<int>(left)) : 0;
      if (count < 0 && errno == EINTR) continue;
      if (count == 0) return -2;
      const ssize_t got = read(process->output, buffer, sizeof buffer);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return -1;
      received.append(buffer, static_cast<size_t>(got));
    }
  });
  if (result != 0) process->failed = true;
  char *copy = static_cast<char *>(malloc(received.size() + 1));
  if (!copy) return -1;
  memcpy(copy, received.c_str(), received.size() + 1);
  *text = copy;
  *length = received.size();
  return result;
}

extern "C" void cgnuplot_free_text(char *text) { free(text); }
