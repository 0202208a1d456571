// Prints how the C library's getopt_long(3) takes lines of words apart.
//   getopt permute|stop LONG,SHORT,TAKES …  <stdin: words ended by US (0x1f), lines ended by RS (0x1e)
// TAKES is 0 (nothing), 1 (a value) or 2 (an optional one); SHORT may be empty. For each line it prints its answers,
// each ended by US, and then RS.
#define _GNU_SOURCE
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 64, FIRST_LONG = 1000 };

int main(int argc, char **argv) {
  struct option longs[MOST] = {0};
  char shorts[4 * MOST] = "";
  strcat(shorts, strcmp(argv[1], "stop") == 0 ? "+:" : ":");
  int count = argc - 2;
  for (int i = 0; i < count; i++) {
    char *name = strsep(&argv[i + 2], ",");
    char *letter = strsep(&argv[i + 2], ",");
    int takes = atoi(argv[i + 2]);
    longs[i] = (struct option){name, takes, NULL, *letter ? *letter : FIRST_LONG + i};
    if (*letter) {
      strncat(shorts, letter, 1);
      strncat(shorts, "::", takes);
    }
  }

  static char input[1 << 22];
  size_t length = fread(input, 1, sizeof input - 1, stdin);
  input[length] = 0;
  char *rest = input;
  for (char *line; (line = strsep(&rest, "\x1e")) && rest;) {
    char *words[1024] = {"program"};
    int n = 1;
    for (char *word; (word = strsep(&line, "\x1f")) && line;) words[n++] = word;

    optind = 0;  // glibc: begin anew
    opterr = 0;
    for (int c; (c = getopt_long(n, words, shorts, longs, NULL)) != -1;) {
      if (c == '?' || c == ':') {
        printf("%s\x1f", c == ':' ? "fault needs-value" : "fault");
        continue;
      }
      for (int i = 0; i < count; i++)
        if (longs[i].val == c) printf("%s%s%s\x1f", longs[i].name, optarg ? "=" : "", optarg ? optarg : "");
    }
    for (int i = optind; i < n; i++) printf("operand %s\x1f", words[i]);
    putchar('\x1e');
  }
}
