using Debyard.Repository.Identity;

namespace Debyard.Repository.Branches;

/// <summary>The branch whose packages a new branch starts with; without a name, the new branch starts empty.</summary>
public readonly record struct Parentage(BranchName? Name)
{
    public static Parentage None => default;
}
