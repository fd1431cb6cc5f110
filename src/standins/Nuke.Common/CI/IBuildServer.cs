using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.CI;

public interface IBuildServer
{
    string Branch { get; }
    string Commit { get; }
}

/// <summary>Gives a member of a host's type that host, or null elsewhere: <c>[CI] readonly GitLab GitLab;</c></summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Field | AttributeTargets.Property)]
public class CIAttribute : ValueInjectionAttributeBase
{
    public override object GetValue(MemberInfo member, object instance)
    {
        var hostType = member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;
        return hostType.IsInstanceOfType(NukeBuild.Host) ? NukeBuild.Host : null;
    }
}

/// <summary>The share of partitioned work that this run does: <c>--partition 2/4</c>.</summary>
[TypeConverter(typeof(TypeConverter))]
public class Partition
{
    public static Partition Single { get; } = new() { Part = 1, Total = 1 };

    public int Part { get; set; }
    public int Total { get; set; }

    public bool IsIn(int part) => Total == 1 || part == Part;

    public IEnumerable<T> GetCurrent<T>(IEnumerable<T> enumerable) => enumerable.Where((_, i) => i % Total == Part - 1);

    public override string ToString() => $"{Part}/{Total}";

    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            var parts = ((string)value).Split('/');
            return new Partition
            {
                Part = int.Parse(parts[0], CultureInfo.InvariantCulture),
                Total = int.Parse(parts[1], CultureInfo.InvariantCulture),
            };
        }
    }
}
