/* Short texts put together from words and numbers: paths below /proc, arguments of a program. */
#ifndef NSATLAS_HOLDER_TEXT_H
#define NSATLAS_HOLDER_TEXT_H

#include "decimal.h"
#include "sys.h"

/* `bytes` ends with a NUL. What does not fit is left out; the longest text made here has 40 bytes. */
struct text {
  size_t length;
  char bytes[64];
};

static inline void add_word(struct text *text, const char *word) {
  while (*word && text->length < sizeof text->bytes - 1) text->bytes[text->length++] = *word++;
  text->bytes[text->length] = 0;
}

static inline void add_number(struct text *text, uint32_t number) {
  char digits[DECIMAL_ROOM];
  add_word(text, decimal(digits, number));
}

static inline struct text word_and_number(const char *word, uint32_t number) {
  struct text text = {.length = 0};
  add_word(&text, word);
  add_number(&text, number);
  return text;
}

/* The number that a text begins with; 0 where it begins with none. */
static inline int number_of(const char *text) {
  int number = 0;
  for (; *text >= '0' && *text <= '9'; text++) number = number * 10 + *text - '0';
  return number;
}

#endif
