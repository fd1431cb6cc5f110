namespace Debyard.Protocol;

/// <summary>The body of every error answer, <c>application/problem+json</c> (RFC 9457).</summary>
/// <param name="Title">The status code's reason phrase.</param>
/// <param name="Status">The HTTP status code.</param>
/// <param name="Detail">What is wrong and what to do, for people.</param>
public sealed record Problem(string? Title, int Status, string? Detail)
{
    public const string MediaType = "application/problem+json";
}
