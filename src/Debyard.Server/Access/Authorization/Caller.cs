using Debyard.Repository.Identity;
using Debyard.Server.Http;

namespace Debyard.Server.Access.Authorization;

/// <summary>The sender of a request and its permissions.</summary>
/// <param name="Name">Its name in the log and in the journal.</param>
abstract record Caller(string Name)
{
    /// <summary>Every caller of a server without access control.</summary>
    public static Caller Unrestricted { get; } = new UnrestrictedCaller();

    /// <summary>A caller without credentials, on a server with access control.</summary>
    public static Caller Anonymous { get; } = new AnonymousCaller();

    /// <summary>True if the caller may read all branches and the whole journal, and verify the repository.</summary>
    public virtual bool IsAdministrator => false;

    /// <summary>Why the caller may not make the write; null if it may. Reveals nothing about the branch.</summary>
    public abstract string? Refusal(BranchWrite write);

    /// <summary>True if the caller may read the private branch.</summary>
    public abstract bool MayReadPrivate(BranchIdentity branch);

    /// <summary>The ref and project that the caller writes for in this folder, given those that the request names.</summary>
    /// <exception cref="RefusedException">They are not the caller's.</exception>
    public virtual (string? Ref, Project? Project) WritesFor(BranchName folder, string? gitRef, Project? project) => (gitRef, project);

    sealed record UnrestrictedCaller() : Caller("anonymous")
    {
        public override bool IsAdministrator => true;

        public override string? Refusal(BranchWrite write) => null;

        public override bool MayReadPrivate(BranchIdentity branch) => true;
    }

    sealed record AnonymousCaller() : Caller("stranger")
    {
        public override string? Refusal(BranchWrite write) =>
            "Authentication required: send Authorization: Bearer TOKEN with a token that may write this branch.";

        public override bool MayReadPrivate(BranchIdentity branch) => false;
    }
}
