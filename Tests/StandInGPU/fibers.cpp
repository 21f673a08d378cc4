#include "fibers.h"

#include <cstdio>
#include <cstdlib>
#include <deque>
#include <thread>

static constexpr size_t stackBytes = 64 << 10;

thread_local Fibers *Fibers::current_ = nullptr;

void Fibers::run(const char *kernel, const std::function<void()> &thread, Meeting *meeting) {
  current_ = this;
  thread_ = &thread;
  unsigned count = blockDim.x * blockDim.y;
  fibers_.resize(count);
  for (unsigned number = 0; number < count; number++) {
    Fiber &fiber = fibers_[number];
    if (!fiber.stack) fiber.stack.reset(new char[stackBytes]);
    fiber.done = false;
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack.get();
    fiber.context.uc_stack.ss_size = stackBytes;
    fiber.context.uc_link = &main_;
    makecontext(&fiber.context, enter, 0);
  }
  // From barrier to barrier; every other time backwards, so that a missing barrier shows.
  bool backwards = false;
  for (unsigned left = count; left > 0; backwards = !backwards) {
    unsigned waiting = 0, forCluster = 0, before = left;
    for (unsigned turn = 0; turn < count; turn++) {
      number_ = backwards ? count - 1 - turn : turn;
      Fiber &fiber = fibers_[number_];
      if (fiber.done) continue;
      threadIdx = {number_ % blockDim.x, number_ / blockDim.x, 0};
      swapcontext(&main_, &fiber.context);
      if (fiber.done) {
        left--;
      } else {
        waiting++;
        forCluster += fiber.waitsForCluster;
      }
    }
    if (waiting > 0 && waiting != before) {
      std::fprintf(stderr, "%s: %u of %u threads wait at a barrier\n", kernel, waiting,
                   before);
      std::abort();
    }
    if (forCluster > 0 && (forCluster != waiting || !meeting)) {
      std::fprintf(stderr, "%s: %u of %u threads wait for %s\n", kernel, forCluster, waiting,
                   meeting ? "their cluster" : "a cluster that is none");
      std::abort();
    }
    if (forCluster > 0) meeting->wait();
  }
  if (meeting) meeting->leave();
  current_ = nullptr;
}

void Fibers::wait(bool isForCluster) {
  if (!current_) {
    std::fprintf(stderr, "a barrier in a kernel whose threads do not wait\n");
    std::abort();
  }
  Fiber &fiber = current_->fibers_[current_->number_];
  fiber.waitsForCluster = isForCluster;
  swapcontext(&fiber.context, &current_->main_);
}

void Fibers::enter() {
  (*current_->thread_)();
  current_->fibers_[current_->number_].done = true;
}

void Meeting::fail() {
  std::fprintf(stderr, "a block of a cluster has ended, others wait for it\n");
  std::abort();
}

void Meeting::wait() {
  std::unique_lock<std::mutex> lock(lock_);
  if (left_ > 0) fail();
  if (++waiting_ == blocks_) {
    waiting_ = 0;
    round_++;
    all_.notify_all();
    return;
  }
  unsigned round = round_;
  all_.wait(lock, [&] { return round_ != round; });
}

void Meeting::leave() {
  std::lock_guard<std::mutex> lock(lock_);
  left_++;
  if (waiting_ > 0) fail();
}

void run_clusters(const char *kernel, const std::function<void()> &thread) {
  std::deque<Meeting> meetings;
  for (unsigned number = 0; number < gridDim.x * gridDim.z; number++) {
    meetings.emplace_back(gridDim.y);
  }
  // A thread for each block of a cluster; it goes from cluster to cluster.
  std::vector<std::thread> threads;
  for (unsigned number = 0; number < gridDim.y; number++) {
    threads.emplace_back([&, number] {
      Fibers fibers;
      for (unsigned cluster = 0; cluster < meetings.size(); cluster++) {
        blockIdx = {cluster % gridDim.x, number, cluster / gridDim.x};
        fibers.run(kernel, thread, &meetings[cluster]);
      }
    });
  }
  for (std::thread &thread : threads) thread.join();
}
