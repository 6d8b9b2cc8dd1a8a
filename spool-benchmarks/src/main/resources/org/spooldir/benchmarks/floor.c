/* The floor: the bare system calls of the spool protocol (docs/protocol.md), in C, with nothing around them.
 * What the Java implementation costs above this is its own.  Build: cc -O2 -o floor floor.c -lpthread
 * Run:   ./floor DIR COUNT THREADS BYTES LEVEL      LEVEL: process (no fsync) | enqueue (E2 E3 E5) | full (also C2, D1)
 *        LEVEL batch: 100 jobs at a time, their files forced by so many THREADS, one fsync of each directory
 *        LEVEL worker: as process, and drains as a worker does: what a listing of new/ finds (C1), with the lstat of C3,
 *                      and new/ and cur/ are open, so that files are named within them; 1 thread
 *        LEVEL crowd: so many processes instead of threads drain what one has enqueued
 *        LEVEL workers: as crowd, and each lists all of new/ before (C1), makes the lstat of C3, and names within cur/ and new/
 *        ./floor DIR COUNT WAITING BYTES backlog: takes and hands in so many, with WAITING all the time
 * Prints one line per phase:  phase  jobs/second
 * and an empty line at the end; then does it all again for each line of its input (but crowd, workers, backlog).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *dir;
static int count, threads, bytes, level, finds, works, turn;
static int tmp_fd, new_fd, cur_fd;
static char *payload;

static void die(const char *what) { perror(what); exit(1); }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec + t.tv_nsec * 1e-9; }

/* A name is never used twice, as in a spool: the kernel remembers for long which names are not there, and is faster then. */
static void name(char *out, const char *sub, long thread, int i, const char *suffix) {
  snprintf(out, 512, "%s/%s/%d.M%06dP4711Q%ldR9f3c2a1b00112233.host,S=%d,C=9ae0daaf%s", dir, sub, 1763679600 + turn, i, thread, bytes, suffix);
}

static void *enqueue(void *arg) {
  char tmp[512], ready[512];
  for (int i = 0; i < count; i++) {
    name(tmp, "tmp", (long)arg, i, "");
    name(ready, "new", (long)arg, i, "");
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || write(fd, payload, bytes) != bytes) die(tmp);
    if (level >= 1 && fsync(fd)) die("fsync");
    close(fd);
    if (level >= 1 && fsync(tmp_fd)) die("fsync tmp");
    if (rename(tmp, ready)) die(ready);
    if (level >= 1 && fsync(new_fd)) die("fsync new");
  }
  return NULL;
}

#define CLAIMED ":2,,a=1,w=host.4711.k3x9.1,l=1763679660000"

static void found(DIR *listing, char *ready, char *held) {
  struct dirent *entry;
  while ((entry = readdir(listing)) && entry->d_name[0] == '.');
  if (!entry) die("a listing that ends early");
  snprintf(ready, 512, "%s/new/%s", dir, entry->d_name);
  snprintf(held, 512, "%s/cur/%s" CLAIMED, dir, entry->d_name);
}

static void *drain(void *arg) {
  char ready[512], held[512];
  char *buffer = malloc(bytes + 1);
  struct stat facts;
  int near = strlen(dir) + strlen("/new/"); /* where the name within its directory begins */
  int in_new = works ? new_fd : AT_FDCWD, in_cur = works ? cur_fd : AT_FDCWD;
  char *from = works ? ready + near : ready, *claim = works ? held + near : held;
  snprintf(ready, sizeof ready, "%s/new", dir);
  DIR *listing = finds ? opendir(ready) : NULL;
  for (int i = 0; i < count; i++) {
    if (finds) found(listing, ready, held);
    else {
      name(ready, "new", (long)arg, i, "");
      name(held, "cur", (long)arg, i, CLAIMED);
    }
    if (renameat(in_new, from, AT_FDCWD, held)) die(held);
    if (level >= 2 && (fsync(cur_fd) || fsync(new_fd))) die("fsync claim");
    if (works && (fstatat(in_cur, claim, &facts, AT_SYMLINK_NOFOLLOW) || !S_ISREG(facts.st_mode))) die("lstat");
    int fd = openat(in_cur, claim, O_RDONLY);
    if (fd < 0 || read(fd, buffer, bytes + 1) != bytes) die("read");
    close(fd);
    if (unlinkat(in_cur, claim, 0)) die("unlink");
    if (level >= 2 && fsync(cur_fd)) die("fsync cur");
  }
  free(buffer);
  if (listing) closedir(listing);
  return NULL;
}

enum { BATCH = 100 };
static int batch[BATCH];
static atomic_int next_of_batch;

static void *force(void *unused) {
  for (int i = next_of_batch++; i < BATCH; i = next_of_batch++)
    if (fsync(batch[i])) die("fsync");
  return unused;
}

static void enqueue_batches(void) {
  char tmp[512], ready[512];
  pthread_t t[256];
  double start = now();
  int total = count * threads / BATCH;
  if (!total) { fprintf(stderr, "floor: fewer than a batch of %d\n", BATCH); exit(2); }
  for (long b = 0; b < total; b++) {
    for (int i = 0; i < BATCH; i++) {
      name(tmp, "tmp", b, i, "");
      batch[i] = open(tmp, O_WRONLY | O_CREAT | O_EXCL, 0600);
      if (batch[i] < 0 || write(batch[i], payload, bytes) != bytes) die(tmp);
    }
    next_of_batch = 0;
    for (int i = 0; i < threads; i++)
      if (pthread_create(&t[i], NULL, force, NULL)) die("a thread");
    for (int i = 0; i < threads; i++) pthread_join(t[i], NULL);
    if (fsync(tmp_fd)) die("fsync tmp");
    for (int i = 0; i < BATCH; i++) {
      close(batch[i]);
      name(tmp, "tmp", b, i, "");
      name(ready, "new", b, i, "");
      if (rename(tmp, ready)) die(ready);
    }
    if (fsync(new_fd)) die("fsync new");
  }
  printf("enqueue %.3f\n", (double)total * BATCH / (now() - start));
  int each = count;
  count = BATCH;
  for (long b = 0; b < total; b++) drain((void *)b);
  count = each;
}

static void phase(const char *label, void *(*work)(void *)) {
  pthread_t t[256];
  double start = now();
  for (long i = 0; i < threads; i++)
    if (pthread_create(&t[i], NULL, work, (void *)i)) die("a thread");
  for (int i = 0; i < threads; i++) pthread_join(t[i], NULL);
  printf("%s %.3f\n", label, (double)count * threads / (now() - start));
}

static void list(void) {
  char ready[512];
  snprintf(ready, sizeof ready, "%s/new", dir);
  DIR *listing = opendir(ready);
  if (!listing) die(ready);
  while (readdir(listing));
  closedir(listing);
}

static void crowd(void) {
  for (long i = 0; i < threads; i++) enqueue((void *)i);
  if (syncfs(tmp_fd)) die("syncfs");
  double start = now();
  for (long i = 0; i < threads; i++) {
    pid_t child = fork();
    if (child < 0) die("fork");
    if (!child) {
      if (works) list();
      drain((void *)i);
      _exit(0);
    }
  }
  for (int status; wait(&status) > 0; )
    if (status) die("a process of the crowd");
  printf("rate %.3f\n", (double)count * threads / (now() - start));
}

static void backlog(long total) {
  long head = 0, tail = 0, done = 0;
  double claim = 0, put = 0;
  while (tail < 4) enqueue((void *)tail++);
  if (syncfs(tmp_fd)) die("syncfs");
  for (; done < total; done += count) {
    double start = now();
    drain((void *)head++);
    double middle = now();
    enqueue((void *)tail++);
    claim += middle - start;
    put += now() - middle;
  }
  printf("claim %.3f\nenqueue %.3f\n", done / claim, done / put);
}

static int sub(const char *s) {
  char path[512];
  snprintf(path, sizeof path, "%s/%s", dir, s);
  if (mkdir(path, 0700) && errno != EEXIST) die(path);
  int fd = open(path, O_RDONLY | O_DIRECTORY);
  if (fd < 0) die(path);
  return fd;
}

int main(int argc, char **argv) {
  if (argc != 6) { fprintf(stderr, "usage: floor DIR COUNT THREADS BYTES process|enqueue|full|batch|worker|crowd|workers|backlog\n"); return 2; }
  dir = argv[1]; threads = atoi(argv[3]); count = threads > 0 ? atoi(argv[2]) / threads : 0; bytes = atoi(argv[4]);
  int waiting = strcmp(argv[5], "backlog") ? 0 : threads;
  if (waiting) { count = waiting / 4; threads = 1; }
  level = !strcmp(argv[5], "full") ? 2 : !strcmp(argv[5], "enqueue") ? 1 : 0;
  finds = !strcmp(argv[5], "worker");
  int workers = !strcmp(argv[5], "workers");
  works = finds || workers;
  if (threads < 1 || threads > 256 || bytes < 0) { fprintf(stderr, "floor: 1..256 threads, bytes >= 0\n"); return 2; }
  if (mkdir(dir, 0700) && errno != EEXIST) die(dir);
  tmp_fd = sub("tmp"); new_fd = sub("new"); cur_fd = sub("cur");
  payload = malloc(bytes + 1); memset(payload, 'x', bytes);
  if (workers || !strcmp(argv[5], "crowd")) { crowd(); return 0; }
  if (waiting) { backlog(atol(argv[2])); return 0; }
  int batches = !strcmp(argv[5], "batch");
  do {
    if (batches) enqueue_batches();
    else { phase("enqueue", enqueue); phase("drain", drain); }
    puts("");
    fflush(stdout);
    turn++;
  } while (getchar() != EOF);
  return 0;
}
