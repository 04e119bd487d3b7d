// See post.hpp.
#include "main/post.hpp"

#include <fstream>
#include <sstream>

namespace holdpoint::main {
namespace {

constexpr int kAttemptsMax = 100;
constexpr std::size_t kAnswerBytesMax = 64 * 1024;  // of a webhook's receiver, and thrown away
constexpr int kWebhookConnectMsMax = 5'000;
constexpr int kWebhookCallMsMax = 15'000;

std::unexpected<Fault> wrong(std::string what) {
  return fault(FaultKind::invalid, "options", std::move(what));
}

Result<std::optional<mail::Credentials>> credentials_of(const cli::ServeOptions& options) {
  std::string text = options.smtp_credentials;
  if (!options.smtp_credentials_file.empty()) {
    std::ifstream in(options.smtp_credentials_file);
    std::ostringstream whole;
    whole << in.rdbuf();
    if (!in) return fault(FaultKind::io, options.smtp_credentials_file, "cannot be read");
    text = whole.str();
  }
  if (text.empty()) return std::nullopt;
  auto credentials = mail::parse_credentials(text);
  if (!credentials) return wrong("the credentials for mail are USER and PASSWORD on two lines");
  return credentials;
}

}  // namespace

Result<PostOptions> post_options(const cli::ServeOptions& options) {
  PostOptions post;
  post.public_url = options.public_url;
  if (!post.public_url.empty() &&
      !client::is_webhook_url(post.public_url, client::Scheme::http_too)) {
    return wrong("--public-url is where people open the page: https://holdpoint.example.org");
  }
  if (options.webhooks_inside) post.webhook_reach = client::Reach::anywhere;
  if (options.delivery_attempts < 1 || options.delivery_attempts > kAttemptsMax) {
    return wrong("--delivery-attempts is 1 to 100");
  }
  post.attempts_max = options.delivery_attempts;
  if (options.smtp_url.empty() != options.smtp_from.empty()) {
    return wrong("--smtp-url and --smtp-from go together");
  }
  if (options.smtp_url.empty()) return post;
  const auto sender = mail::parse_mailbox(options.smtp_from);
  if (!sender) return wrong("--smtp-from is an address, or a name and <address>");
  post.sender = *sender;
  HP_TRY(auto credentials, credentials_of(options));
  post.smtp = mail::SmtpOptions{.url = options.smtp_url,
                                .credentials = std::move(credentials),
                                .encryption = options.smtp_encryption == "none"
                                                  ? mail::Encryption::none
                                                  : mail::Encryption::required,
                                .ca_file = options.smtp_ca_file};
  return post;
}

Result<std::shared_ptr<const notifications::Post>> open_post(const PostOptions& options) {
  auto post = std::make_shared<notifications::Post>();
  if (options.smtp) {
    HP_TRY(post->mailer, mail::smtp_mailer(*options.smtp));
  }
  post->sender = options.sender;
  post->public_url = options.public_url;
  if (options.webhook_reach == client::Reach::anywhere) {
    post->webhook_scheme = client::Scheme::http_too;
  }
  const auto client =
      std::make_shared<client::Client>(client::Options{.connect_ms_max = kWebhookConnectMsMax,
                                                       .call_ms_max = kWebhookCallMsMax,
                                                       .answer_bytes_max = kAnswerBytesMax,
                                                       .ca_file = {},
                                                       .reach = options.webhook_reach,
                                                       .excess = client::Excess::cut});
  post->post_webhook = [client](const client::Webhook& webhook) {
    return client::post_webhook(*client, webhook);
  };
  return post;
}

}  // namespace holdpoint::main
