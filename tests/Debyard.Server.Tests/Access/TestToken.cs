using System.Net.Http.Headers;
using System.Text;
using Debyard.Server.Access;

namespace Debyard.Server.Tests.Access;

/// <summary>A static token as its holder has it: with its secret.</summary>
sealed record TestToken(string Name)
{
    public string Secret => $"{Name}-0123456789abcdef0123456789abcdef";

    public string[] Write { get; init; } = [];
    public string[] Read { get; init; } = [];
    public string[] Packages { get; init; } = [];
    public bool IsAdministrator { get; init; }

    /// <summary>As the server has it: with the hash.</summary>
    public AccessToken Configured =>
        new(Name, TokenHash.OfSecret(Secret))
        {
            Write = [.. Write.Select(pattern => new Debyard.Repository.Identity.BranchPattern(pattern))],
            Read = [.. Read.Select(pattern => new Debyard.Repository.Identity.BranchPattern(pattern))],
            Packages = [.. Packages.Select(pattern => new PackagePattern(pattern))],
            IsAdministrator = IsAdministrator,
        };

    public AuthenticationHeaderValue Bearer => new("Bearer", Secret);

    public AuthenticationHeaderValue Basic => new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"anyone:{Secret}")));
}
