// See smtp.hpp.
#include "platform/mail/smtp.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cstring>

#include "base/assert.hpp"

namespace holdpoint::mail {
namespace {

struct CloseEasy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
struct CloseUrl {
  void operator()(CURLU* url) const noexcept { curl_url_cleanup(url); }
};

struct Upload {
  std::string_view left;
};

std::size_t give_bytes(char* into, std::size_t size, std::size_t count, void* user) {
  auto& upload = *static_cast<Upload*>(user);
  const std::size_t length = std::min(size * count, upload.left.size());
  std::memcpy(into, upload.left.data(), length);
  upload.left.remove_prefix(length);
  return length;
}

std::size_t drop_bytes(char*, std::size_t size, std::size_t count, void*) { return size * count; }

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

/// Refuses what the URL may not say, and gives its host.
Result<std::string> host_of(const std::string& text) {
  const std::unique_ptr<CURLU, CloseUrl> url(curl_url());
  HP_ASSERT(url != nullptr, "ML-1: there is memory for a URL");
  const auto invalid = [](const char* what) { return fault(FaultKind::invalid, "mail", what); };
  if (text.find('\0') != std::string::npos ||
      curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return invalid("the server is not a URL");
  }
  const std::string scheme = url_part(url.get(), CURLUPART_SCHEME);
  if (scheme != "smtp" && scheme != "smtps") return invalid("the URL must be smtp:// or smtps://");
  if (!url_part(url.get(), CURLUPART_USER).empty()) {
    return invalid("the URL holds no credentials; put them into a file");
  }
  return url_part(url.get(), CURLUPART_HOST);
}

bool is_this_machine(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "[::1]" || host == "::1";
}

/// What came of it, by libcurl's code and the last answer of the server. A 5xx to the sender or the
/// receiver (send error) or to the message (weird answer) is for good (RFC 5321, section 4.2.1).
Fault fault_of(CURLcode code, long reply) {
  const std::string what = std::string(curl_easy_strerror(code)) +
                           (reply > 0 ? "; the mail server answered " + std::to_string(reply) : "");
  const bool for_good = reply >= 500 && reply <= 599 && reply != 530 && reply != 535;
  if ((code == CURLE_SEND_ERROR || code == CURLE_WEIRD_SERVER_REPLY) && for_good) {
    return {FaultKind::invalid, "mail", what};
  }
  if (code == CURLE_OPERATION_TIMEDOUT) return {FaultKind::timeout, "mail", what};
  return {FaultKind::unavailable, "mail", what};
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  HP_ASSERT(code == CURLE_OK || code == CURLE_OUT_OF_MEMORY, "ML-2: libcurl knows the option");
}

class SmtpMailer final : public Mailer {
 public:
  explicit SmtpMailer(SmtpOptions options) : options_(std::move(options)) {
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    HP_ASSERT(ready == CURLE_OK, "ML-3: libcurl starts");
  }

  Result<void> send(const Message& message) override {
    HP_TRY(const std::string text, message_text(message));
    const std::unique_ptr<CURL, CloseEasy> easy(curl_easy_init());
    const std::unique_ptr<curl_slist, FreeList> to(
        curl_slist_append(nullptr, ("<" + message.to.address + ">").c_str()));
    if (!easy || !to) return fault(FaultKind::exhausted, "mail", "no memory for a connection");
    const std::string from = "<" + message.from.address + ">";
    Upload upload{text};
    set_server(easy.get());
    set(easy.get(), CURLOPT_MAIL_FROM, from.c_str());
    set(easy.get(), CURLOPT_MAIL_RCPT, to.get());
    set(easy.get(), CURLOPT_UPLOAD, 1L);
    set(easy.get(), CURLOPT_READFUNCTION, &give_bytes);
    set(easy.get(), CURLOPT_READDATA, static_cast<void*>(&upload));
    const CURLcode code = curl_easy_perform(easy.get());
    if (code == CURLE_OK) return {};
    long reply = 0;
    curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &reply);
    return std::unexpected(fault_of(code, reply));
  }

 private:
  void set_server(CURL* easy) const {
    set(easy, CURLOPT_URL, options_.url.c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_PROXY, "");
    set(easy, CURLOPT_WRITEFUNCTION, &drop_bytes);
    set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    if (options_.encryption == Encryption::required) {
      set(easy, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    }
    if (!options_.ca_file.empty()) set(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
    if (options_.credentials) {
      set(easy, CURLOPT_USERNAME, options_.credentials->user.c_str());
      set(easy, CURLOPT_PASSWORD, options_.credentials->password.c_str());
    }
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_ms_max));
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.call_ms_max));
  }

  const SmtpOptions options_;
};

}  // namespace

std::optional<Credentials> parse_credentials(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  auto cut = text.find('\n');
  if (cut == std::string_view::npos) cut = text.find(':');
  if (cut == std::string_view::npos) return std::nullopt;
  std::string_view user = text.substr(0, cut);
  if (user.ends_with('\r')) user.remove_suffix(1);
  const std::string_view password = text.substr(cut + 1);
  if (user.empty() || password.empty() ||
      password.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos) {
    return std::nullopt;
  }
  return Credentials{std::string(user), std::string(password)};
}

Result<std::unique_ptr<Mailer>> smtp_mailer(SmtpOptions options) {
  HP_TRY(const std::string host, host_of(options.url));
  if (options.credentials && options.encryption == Encryption::none && !is_this_machine(host)) {
    return fault(FaultKind::invalid, "mail",
                 "a password is not sent to another machine without encryption");
  }
  return std::make_unique<SmtpMailer>(std::move(options));
}

}  // namespace holdpoint::mail
