using Debyard.Debian.Names;
using Debyard.Repository.Identity;

namespace Debyard.Repository.Branches;

/// <summary>The only way to a write: resolves which ref it is for, then asks for permission.</summary>
public static class BranchClaim
{
    /// <summary>Checks that the writer may write the branch for its ref.</summary>
    /// <exception cref="BranchNameException">The folder cannot be that of the writer's ref.</exception>
    /// <exception cref="BranchTakenException">The branch belongs to another ref.</exception>
    /// <exception cref="WriteRefusedException">The writer has no permission.</exception>
    public static void Claim(this WriterIdentity writer, BranchIdentity branch, params IReadOnlyCollection<PackageName> packages) =>
        writer.Ask(new BranchWrite(branch.For(writer.Ref), packages));

    /// <summary>Checks that the writer may retire or restore the branch.</summary>
    /// <inheritdoc cref="Claim"/>
    public static void ClaimWhole(this WriterIdentity writer, BranchIdentity branch) =>
        writer.Ask(new BranchWrite(branch.For(writer.Ref), [], IsOfWholeBranch: true));

    static void Ask(this WriterIdentity writer, BranchWrite write) => writer.Authorize?.Invoke(write);

    /// <summary>The branch as a write sees it that names a ref.</summary>
    internal static BranchIdentity For(this BranchIdentity branch, string? gitRef)
    {
        if (gitRef is null)
            return branch;
        if (!RefSlug.CanName(gitRef, branch.Name))
            throw new BranchNameException(
                $"The ref '{gitRef}' belongs to the folder {RefSlug.Of(gitRef)}, not {branch.Name}; POST /api/branches returns its folder."
            );
        // Not the other ref's name: the branch may be private.
        return branch.CanBelongTo(gitRef)
            ? branch with
            {
                Ref = gitRef,
            }
            : throw new BranchTakenException(
                $"The folder {branch.Name} belongs to another ref than {gitRef}; POST /api/branches returns the folder of {gitRef}."
            );
    }
}
