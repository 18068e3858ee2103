// The peer of `evaluate language-speed`: CLD2 on the texts of a file, one a line. Prints texts per second of processor time.
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <vector>

// CLD2's header needs the one above it to have named FILE.
#include <cld2/public/compact_lang_det.h>
#include <cld2/public/encodings.h>

static double seconds() {
    timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int count, char **arguments) {
    if (count != 2) return 64;
    std::ifstream file(arguments[1]);
    std::vector<std::string> texts;
    for (std::string line; std::getline(file, line);) texts.push_back(line);
    if (texts.empty()) return 66;
    double best = 0;
    for (int round = 0; round < 5; round++) {
        const double start = seconds();
        int known = 0;
        for (const std::string &text : texts) {
            bool reliable;
            known += CLD2::DetectLanguage(text.data(), int(text.size()), true, &reliable) != CLD2::UNKNOWN_LANGUAGE;
        }
        const double rate = texts.size() / (seconds() - start);
        if (known >= 0 && rate > best) best = rate;
    }
    std::printf("%.0f\n", best);
    return 0;
}
