using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Debyard.Repository.Identity;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Access.Authentication;

/// <summary>
/// GitLab's id_token, a JWT (RFC 7519) signed with RS256 (RFC 7518, 3.3). Nothing else is taken: no other algorithm, no key that
/// the token brings along, no name twice. https://docs.gitlab.com/ci/secrets/id_token_authentication/
/// </summary>
static class IdToken
{
    const int Longest = 8 * 1024;

    static readonly TimeSpan skew = TimeSpan.FromSeconds(30);
    static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    public static bool LooksLikeOne(string secret) => secret.StartsWith("eyJ", StringComparison.Ordinal) && secret.Count('.') == 2;

    /// <exception cref="RefusedException">It is not one of a job that is let in (401); or the keys cannot be had (503).</exception>
    public static async Task<JobIdentity> VerifyAsync(
        string token,
        GitLabAccess gitLab,
        GitLabKeys keys,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        if (token.Length > Longest)
            throw Refused($"it is longer than {Longest} characters");
        var parts = token.Split('.');
        using var header = Parse(parts[0]);
        if (Text(header, "alg") != "RS256")
            throw Refused("it is not signed with RS256");
        // RFC 7515, 4.1.11: what must be understood and is not makes the token invalid.
        if (header.RootElement.TryGetProperty("crit", out _))
            throw Refused("it needs extensions that this server does not have");
        var key = await keys.FindAsync(Text(header, "kid"), cancellation) ?? throw Refused($"its key is none of {gitLab.Issuer}'s");
        if (!IsSigned(key, $"{parts[0]}.{parts[1]}", parts[2]))
            throw Refused("its signature does not hold");
        using var claims = Parse(parts[1]);
        return Check(claims, gitLab, now);
    }

    static JobIdentity Check(JsonDocument claims, GitLabAccess gitLab, DateTimeOffset now)
    {
        if (Text(claims, "iss") != gitLab.Issuer)
            throw Refused($"its issuer is not {gitLab.Issuer}");
        if (!IsFor(claims, gitLab.Audience))
            throw Refused($"it is for another audience; write `aud: {gitLab.Audience}` below id_tokens in .gitlab-ci.yml");
        if (Time(claims, "exp") is not { } end || end + skew <= now)
            throw Refused("it has expired");
        if (claims.RootElement.TryGetProperty("nbf", out _) && !(Time(claims, "nbf") - skew <= now))
            throw Refused("it is not valid yet; do the clocks agree?");
        if (!Project.TryParse(Text(claims, "project_path"), out var project))
            throw Refused("it names no project");
        if (!gitLab.Projects.Include(project.Path))
            throw Refused($"jobs of {project} are not let in; Access:GitLab:Projects would have to name it");
        return new JobIdentity(
            Text(claims, "job_id"),
            project,
            Text(claims, "ref"),
            Text(claims, "ref_type") == "branch",
            Text(claims, "ref_protected") == "true"
        );
    }

    static bool IsSigned(RSAParameters key, string signed, string signature)
    {
        using var rsa = RSA.Create(key);
        return Decode(signature) is { } bytes
            && rsa.VerifyData(Encoding.ASCII.GetBytes(signed), bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
    }

    static JsonDocument Parse(string part)
    {
        try
        {
            var document = JsonDocument.Parse(Decode(part) ?? throw Refused("it is no JWT"), strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw Refused("it is no JWT");
        }
        catch (JsonException)
        {
            throw Refused("it is no JWT");
        }
    }

    static byte[]? Decode(string part)
    {
        try
        {
            return part.AsSpan().ContainsAny("= \r\n\t") ? null : Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static string Text(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : throw Refused($"it has no {name}");

    static DateTimeOffset? Time(JsonDocument document, string name) =>
        document.RootElement.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 253402300800 - 86400
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    // RFC 7519, 4.1.3: one, or several.
    static bool IsFor(JsonDocument claims, string audience) =>
        claims.RootElement.TryGetProperty("aud", out var value)
        && value.ValueKind switch
        {
            JsonValueKind.String => value.GetString() == audience,
            JsonValueKind.Array => value.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.GetString() == audience),
            _ => false,
        };

    static RefusedException Refused(string why) => new(StatusCodes.Status401Unauthorized, $"The id_token is refused: {why}.");
}
