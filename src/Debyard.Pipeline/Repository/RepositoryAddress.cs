namespace Debyard.Pipeline.Repository;

/// <summary>A repository server and where in a branch the packages go.</summary>
/// <param name="Server">Its address, ending with a slash.</param>
/// <param name="Token">What it knows this writer by; null where it asks for nothing.</param>
public sealed record RepositoryAddress(Uri Server, string Suite, string Component, string? Token)
{
    /// <summary>The project that writes, for the branch to remember; null where that is not known.</summary>
    public string? Project { get; init; }

    // A record prints its members, and a token must never be printed.
    public override string ToString() => Server.ToString();
}
