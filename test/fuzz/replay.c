/*
 * replay.c - runs a target over files and folders of files
 * SPDX-License-Identifier: BSD-3-Clause
 */
#include <dirent.h>

#include "fuzz.h"

/* Like libFuzzer, give each input a block of exactly its size, so that a
 * sanitizer reports the first octet read past it. */
static bool
run_file(const char *path)
{
	static char buf[1 << 17];
	FILE *f = fopen(path, "rb");
	uint8_t *data;
	size_t n;

	if (f == NULL) {
		perror(path);
		return false;
	}
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	data = malloc(n > 0 ? n : 1);
	if (data == NULL) {
		perror(path);
		return false;
	}
	memcpy(data, buf, n);
	LLVMFuzzerTestOneInput(data, n);
	free(data);
	return true;
}

static bool
run_folder(const char *path, unsigned *count)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	char file[4096];
	bool good = true;

	if (dir == NULL) {
		perror(path);
		return false;
	}
	while (good && (e = readdir(dir)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		good = run_file(file);
		(*count)++;
	}
	closedir(dir);
	return good;
}

int
main(int argc, char **argv)
{
	unsigned count = 0;

	/* The empty input is an input too. */
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 1; i < argc; i++)
		if (!run_folder(argv[i], &count))
			return EXIT_FAILURE;
	printf("%u inputs\n", count);
	return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
