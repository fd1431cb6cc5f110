using Debyard.Repository.Identity;

namespace Debyard.Server.Access.Authorization;

/// <summary>The holder of a static token.</summary>
sealed record TokenHolder(AccessToken Token) : Caller($"token {Token.Name}")
{
    public override bool IsAdministrator => Token.IsAdministrator;

    public override string? Refusal(BranchWrite write) =>
        !Token.Write.Include(write.Branch) ? $"The token {Token.Name} may not write this branch."
        : write.IsOfWholeBranch && Token.Packages.Count > 0
            ? $"The token {Token.Name} may write only some packages, so it may not retire or restore a branch."
        : Token.Packages.FindOther(write.Packages) is { } other ? $"The token {Token.Name} may not write the package {other}."
        : null;

    public override bool MayReadPrivate(BranchIdentity branch) =>
        IsAdministrator || Token.Write.Include(branch) || Token.Read.Include(branch);
}
