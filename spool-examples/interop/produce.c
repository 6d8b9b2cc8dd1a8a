/* Hands in what stands on standard input as a job, and prints the job's id. E1 to E5 are the steps of docs/protocol.md.
 *   cc -O2 -o produce produce.c
 *   ./produce SPOOL [PRIORITY 0-9 [NAME=VALUE]...] < payload
 * Exit code 0: it is on disk, whole. 75: it is in, but may not survive a power loss. Another: it is not in. */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char draft[4096], header[1 << 17];
static uint32_t crc = 0xffffffff;
static long long size;

static void give_up(const char *what) {
  if (*draft) unlink(draft);
  err(1, "%s", what);
}

/* Writes all of it, and counts it into the size and the CRC32C. */
static void put(int fd, const char *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) {
    crc ^= (unsigned char)bytes[i];
    for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  size += count;
  for (ssize_t n; count > 0; bytes += n, count -= n)
    if ((n = write(fd, bytes, count)) < 0) give_up(draft);
}

/* Whether this is a drop box. Refuses a format, and settings, that are not known here. */
static int is_dropbox(int spool) {
  char text[4096] = "", *rest = text;
  int dropbox = 0, fd = openat(spool, "spool.format", O_RDONLY);
  if (fd < 0 || read(fd, text, sizeof text - 1) < 0) err(2, "no spool: spool.format");
  close(fd);
  text[strcspn(text, "\n")] = 0;
  if (strncmp(text, "spool 1", 7) || (text[7] && text[7] != ' ')) errx(2, "not a format that is known here: %s", text);
  strsep(&rest, " "), strsep(&rest, " ");
  for (char *setting; (setting = strsep(&rest, " "));) {
    dropbox |= !strcmp(setting, "access=dropbox");
    if (strcmp(setting, "access=dropbox") && strncmp(setting, "separator=", 10) && strncmp(setting, "retain=", 7) &&
        strncmp(setting, "reserve=", 8)) errx(2, "not a setting that is known here: %s", setting);
  }
  return dropbox;
}

/* One line of the header. A value that would have to be encoded is refused: that is for longer programs. */
static void attribute(const char *text) {
  const char *value = strchr(text, '=');
  int name = value ? value++ - text : 0, plain = name > 0 && name <= 200 && strncasecmp(text, "Spool-", 6);
  for (int i = 0; i < name; i++) plain &= text[i] > ' ' && text[i] <= '~' && text[i] != ':';
  for (const char *c = value; plain && *c; c++) plain &= *c >= ' ' && *c <= '~';
  if (!plain || name + strlen(value) > 996 || strstr(value, "=?") || *value == ' ' ||
      (*value && value[strlen(value) - 1] == ' ')) errx(2, "not an attribute that can stand as it is: %s", text);
  if (strlen(header) + strlen(text) > 64000) errx(2, "too many attributes");
  sprintf(header + strlen(header), "%.*s: %s\n", name, text, value);
}

int main(int count, char **args) {
  if (count < 2) errx(2, "usage: produce SPOOL [PRIORITY 0-9 [NAME=VALUE]...] < payload");
  int priority = count > 2 ? *args[2] - '0' : 4, spool = open(args[1], O_PATH | O_DIRECTORY);
  if (spool < 0) err(2, "%s", args[1]);
  if (priority < 0 || priority > 9 || (count > 2 && args[2][1])) errx(2, "the priority is 0 to 9: %s", args[2]);
  int dropbox = is_dropbox(spool);
  for (int i = 3; i < count; i++) attribute(args[i]);
  if (*header) strcat(header, "\n");
  if (fchdir(spool)) err(2, "%s", args[1]);

  struct timespec now;
  uint64_t bits;
  char name[33] = "", unique[128], ready[256], chunk[1 << 16];
  clock_gettime(CLOCK_REALTIME, &now);
  if (getrandom(&bits, sizeof bits, 0) != sizeof bits) err(1, "random");
  gethostname(name, 32);
  for (char *c = name; *c; c++) *c = *c > ' ' && *c < '~' && !strchr("/,\\:;!", *c) ? *c : '_';
  sprintf(unique, "%010lld.M%06ldP%dQ1R%016llx.%s", (long long)now.tv_sec, now.tv_nsec / 1000, getpid(),
          (unsigned long long)bits, *name ? name : "localhost");

  sprintf(ready, "tmp/%s", unique);
  int tmp = open("tmp", O_RDONLY | O_DIRECTORY), new = open("new", O_RDONLY | O_DIRECTORY);
  if ((tmp < 0 || new < 0) && !dropbox) err(1, "tmp and new"); /* only the members of a drop box may not open them */
  int fd = open(ready, O_WRONLY | O_CREAT | O_EXCL, 0600); /* E1 */
  if (fd < 0) err(1, "%s", ready);
  strcpy(draft, ready);
  put(fd, header, strlen(header));
  for (ssize_t n; (n = read(0, chunk, sizeof chunk)) != 0;) n < 0 ? give_up("standard input") : put(fd, chunk, n);
  if (dropbox && fchmod(fd, 0640)) give_up(draft);
  if (fsync(fd)) give_up(draft); /* E2: never asked again, the kernel may say yes although the data is gone */
  if (tmp >= 0 && fsync(tmp)) give_up("tmp"); /* E3 */
  int length = sprintf(ready, "new/%s,S=%lld,C=%08x", unique, size, ~crc);
  if (*header) length += sprintf(ready + length, ",H=%zu", strlen(header));
  if (priority != 4) sprintf(ready + length, ",P=%d", priority);
  if (rename(draft, ready)) give_up(ready); /* E4: visible, whole */
  if (fsync(new >= 0 ? new : fd)) warn("%s is in, but may not survive a power loss", unique), exit(75); /* E5 */
  puts(unique); /* only now it is handed in */
  return 0;
}
