/* test/fuzz/replay.c - runs a fuzzer's function once on each given file or on each file of a given folder. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int nfiles;

static void replay_file(const char *path, size_t size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = malloc(size ? size : 1);

	if (!f || !data || fread(data, 1, size, f) != size) {
		perror(path);
		exit(1);
	}
	fclose(f);
	fprintf(stderr, "%s\n", path); /* the last one named is the one that crashed */
	LLVMFuzzerTestOneInput(data, size);
	free(data);
	nfiles++;
}

static void replay(const char *path)
{
	struct stat st;
	struct dirent **entry;

	if (stat(path, &st) != 0) {
		perror(path);
		exit(1);
	}
	if (!S_ISDIR(st.st_mode)) {
		replay_file(path, (size_t)st.st_size);
		return;
	}
	int n = scandir(path, &entry, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		char inner[4096];

		if (entry[i]->d_name[0] != '.') {
			snprintf(inner, sizeof inner, "%s/%s", path, entry[i]->d_name);
			replay(inner);
		}
		free(entry[i]);
	}
	free(entry);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		replay(argv[i]);
	printf("%d files\n", nfiles);
	return nfiles ? 0 : 1;
}
