// A fork-join pool for short parallel regions: workers spin for the next region, then sleep.
#pragma once

typedef struct thread_pool thread_pool;

// The indices of one region, handed out one by one.
typedef struct thread_pool_indices thread_pool_indices;

// The next index of a region, or -1 when all have been handed out.
int thread_pool_next(thread_pool_indices *indices);

// Starts `threads - 1` workers; the caller of thread_pool_run is the last. NULL if none could start.
thread_pool *thread_pool_create(int threads);

// Ends the workers and frees the pool. No region may be running.
void thread_pool_destroy(thread_pool *pool);

// Calls work(context, indices), on any of the threads, to work through the indices 0 ..< count between
// them, and returns when all are done. Who is given an index is left open, so a result must not depend
// on it. While another thread runs a region in this pool, the caller does its own work alone.
void thread_pool_run(thread_pool *pool, int count,
                     void (*work)(void *context, thread_pool_indices *indices), void *context);
