// See json_log.hpp.
#include "platform/log/json_log.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "base/assert.hpp"
#include "base/encoding.hpp"
#include "base/json.hpp"
#include "platform/files/system_files.hpp"

namespace holdpoint::log {

using engine::LogLevel;

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::size_t kCharacterBytes_max = 4;

std::string_view level_text(LogLevel level) {
  switch (level) {
    case LogLevel::debug: return "debug";
    case LogLevel::info: return "info";
    case LogLevel::warning: return "warning";
    case LogLevel::error: return "error";
  }
  return "error";
}

/// Cut to the bound and made valid UTF-8, character by character where it is not.
std::string presentable(std::string_view text) {
  const bool cut = text.size() > kValueBytes_max;
  text = text.substr(0, kValueBytes_max);
  std::string out;
  if (!cut && is_utf8(text) && !text.contains('\0')) return std::string(text);
  while (!text.empty()) {
    std::size_t length = 1;
    while (length <= kCharacterBytes_max && !is_utf8(text.substr(0, length))) ++length;
    const bool valid = length <= kCharacterBytes_max && text[0] != '\0';
    out += valid ? text.substr(0, length) : kReplacement;
    text.remove_prefix(valid ? length : 1);
  }
  if (cut) out += "…";
  return out;
}

void append_member(std::string& line, std::string_view name, std::string_view value) {
  line += line.empty() ? '{' : ',';
  append_json_string(line, name);
  line += ':';
  append_json_string(line, presentable(value));
}

class JsonLog final : public engine::Log {
 public:
  JsonLog(LogLevel threshold, files::Descriptor file, engine::Clock& clock)
      : threshold_(threshold), file_(std::move(file)), clock_(clock) {}

  using Log::write;
  void write(LogLevel level, std::string_view message, std::span<const Field> fields) override {
    HP_ASSERT(fields.size() <= kFields_max, "LO-1: a log line has a bounded number of fields");
    if (level < threshold_) return;
    std::string line;
    append_member(line, "time", clock_.now().text());
    append_member(line, "level", level_text(level));
    append_member(line, "message", message);
    for (const Field& field : fields) append_member(line, field.name, field.value);
    line += "}\n";
    const int number = file_.valid() ? file_.number() : STDERR_FILENO;
    // One call per line, so that lines of several threads do not mix.
    static_cast<void>(::write(number, line.data(), line.size()) >= 0);
  }

 private:
  const LogLevel threshold_;
  const files::Descriptor file_;
  engine::Clock& clock_;
};

}  // namespace

Result<std::unique_ptr<engine::Log>> open_log(const LogOptions& options, engine::Clock& clock) {
  files::Descriptor file;
  if (!options.path.empty()) {
    file = files::Descriptor(
        ::open(options.path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (!file.valid()) return files::system_fault("log.open", options.path);
  }
  return std::make_unique<JsonLog>(options.threshold, std::move(file), clock);
}

}  // namespace holdpoint::log
