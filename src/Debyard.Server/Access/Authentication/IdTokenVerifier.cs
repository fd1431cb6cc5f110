using System.Buffers;
using System.Text.Json;
using Debyard.Repository.Identity;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Debyard.Server.Access.Authentication;

/// <summary>
/// Verifies a GitLab job's id_token: a JWT (RFC 7519) that GitLab signs with RS256.
/// https://docs.gitlab.com/ci/secrets/id_token_authentication/
/// </summary>
sealed class IdTokenVerifier(GitLabAccess gitLab, TimeProvider time, ILoggerFactory logs) : IDisposable
{
    // GitLab's tokens have 1 to 2 KB.
    const int MaxLength = 8 * 1024;

    static readonly TimeSpan clockSkew = TimeSpan.FromSeconds(30);

    // The library takes the last of two claims with the same name; here the token is refused.
    static readonly JsonDocumentOptions strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    // RFC 7515, 2: without padding. The library takes padded parts and the other base64 alphabet as well.
    static readonly SearchValues<char> base64Url = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    readonly JsonWebTokenHandler handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = MaxLength };
    readonly GitLabSigningKeys keys = new(gitLab, time, logs.CreateLogger<GitLabSigningKeys>());

    /// <summary>True for three parts that begin with a JSON object; an encrypted token (JWE) has five.</summary>
    public static bool IsJwt(string secret) => secret.StartsWith("eyJ", StringComparison.Ordinal) && secret.Count('.') == 2;

    /// <exception cref="RefusedException">The token does not identify an admitted job (401), or GitLab's keys are unavailable
    /// (503).</exception>
    public async Task<JobIdentity> VerifyAsync(string token, CancellationToken cancellation)
    {
        if (token.Length > MaxLength)
            throw Refused($"it is longer than {MaxLength} characters");
        var jwt = Read(token);
        using (var header = Parse(jwt.EncodedHeader))
        {
            if (Text(header, "alg") != SecurityAlgorithms.RsaSha256)
                throw Refused("it is not signed with RS256");
            // RFC 7515, 4.1.11: a recipient that does not understand a critical extension must reject the token.
            if (header.RootElement.TryGetProperty("crit", out _))
                throw Refused("it requires extensions that this server does not support");
            var keyId = Text(header, "kid");
            await ValidateAsync(
                jwt,
                await keys.FindAsync(keyId, cancellation) ?? throw Refused($"{gitLab.Issuer} has no such signing key")
            );
        }
        using var claims = Parse(jwt.EncodedPayload);
        return Identity(claims);
    }

    static JsonWebToken Read(string token)
    {
        try
        {
            return new JsonWebToken(token);
        }
        catch (Exception fault) when (fault is ArgumentException or SecurityTokenException or JsonException)
        {
            throw NotJwt();
        }
    }

    async Task ValidateAsync(JsonWebToken jwt, SecurityKey key)
    {
        if (jwt.EncodedSignature.AsSpan().ContainsAnyExcept(base64Url))
            throw Refused("its signature does not match");
        var result = await handler.ValidateTokenAsync(
            jwt,
            new TokenValidationParameters
            {
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                IssuerSigningKey = key,
                TryAllIssuerSigningKeys = false,
                ValidIssuer = gitLab.Issuer,
                ValidAudience = gitLab.Audience,
                IgnoreTrailingSlashWhenValidatingAudience = false,
                // The library checks times by the system's clock only.
                LifetimeValidator = (_, _, _, _) => ValidateLifetime(jwt),
            }
        );
        if (!result.IsValid)
            throw result.Exception switch
            {
                RefusedException refused => refused,
                SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException => Refused("its signature does not match"),
                SecurityTokenInvalidIssuerException => Refused($"its issuer is not {gitLab.Issuer}"),
                SecurityTokenInvalidAudienceException => Refused(
                    $"it is for another audience; write `aud: {gitLab.Audience}` under id_tokens in .gitlab-ci.yml"
                ),
                _ => NotJwt(),
            };
    }

    bool ValidateLifetime(JsonWebToken jwt)
    {
        using var claims = Parse(jwt.EncodedPayload);
        var now = time.GetUtcNow();
        if (Time(claims, "exp") is not { } end || end + clockSkew <= now)
            throw Refused("it has expired");
        if (claims.RootElement.TryGetProperty("nbf", out _) && !(Time(claims, "nbf") - clockSkew <= now))
            throw Refused("it is not valid yet; compare the clocks of this server and of GitLab");
        return true;
    }

    JobIdentity Identity(JsonDocument claims)
    {
        if (!Project.TryParse(Text(claims, "project_path"), out var project))
            throw Refused("its project_path is not a valid project path");
        if (!gitLab.Projects.Any(access => access.Projects.Matches(project)))
            throw Refused($"jobs of {project} are not admitted; Access:GitLab:Projects does not include it");
        return new JobIdentity(
            Text(claims, "job_id"),
            project,
            Text(claims, "ref"),
            Text(claims, "ref_type") == "branch",
            Text(claims, "ref_protected") == "true"
        );
    }

    static JsonDocument Parse(string part)
    {
        if (part.AsSpan().ContainsAnyExcept(base64Url))
            throw NotJwt();
        try
        {
            var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(part), strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw NotJwt();
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            throw NotJwt();
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
        && seconds is > 0 and < 253402300800 - 86400 // the year 9999
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;

    static RefusedException NotJwt() => Refused("it is not a JWT");

    static RefusedException Refused(string reason) => new(StatusCodes.Status401Unauthorized, $"The id_token is refused: {reason}.");

    public void Dispose() => keys.Dispose();
}
