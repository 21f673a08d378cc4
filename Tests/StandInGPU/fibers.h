// How the threads of a block take turns, and how the blocks of a cluster run at the same time.
#pragma once

#include <ucontext.h>

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "shim.h"

/// Where the blocks of a cluster wait for one another.
class Meeting {
 public:
  explicit Meeting(unsigned blocks) : blocks_(blocks) {}

  /// Waits until all blocks are here.
  void wait();

  /// A block has ended. Ends the process if others wait for it.
  void leave();

 private:
  void fail();

  std::mutex lock_;
  std::condition_variable all_;
  unsigned blocks_, waiting_ = 0, left_ = 0, round_ = 0;
};

/// The threads of a block as fibers: each runs to the next barrier, then the next one's turn comes.
class Fibers {
 public:
  /// Runs a block.
  ///
  /// @param meeting Where its cluster meets; null if it is in none.
  void run(const char *kernel, const std::function<void()> &thread, Meeting *meeting);

  /// The barrier of the block, or of its cluster.
  static void wait(bool isForCluster);

 private:
  struct Fiber {
    ucontext_t context;
    std::unique_ptr<char[]> stack;
    bool done;
    bool waitsForCluster;
  };

  static void enter();

  static thread_local Fibers *current_;
  std::vector<Fiber> fibers_;
  ucontext_t main_;
  const std::function<void()> *thread_;
  unsigned number_ = 0;
};

/// Runs all clusters, whose blocks are those that differ in y alone.
void run_clusters(const char *kernel, const std::function<void()> &thread);
