using SeattleWeather;
using SeattleWeather.Pictures;

namespace Cairn.Samples.Tests;

public sealed class PicturesTests
{
    [Fact]
    public void Pictures_are_png_files_of_the_expected_size_whatever_the_values()
    {
        using var work = new WorkFolder();
        BarChart.Save(work["bars.png"], "Bars", "of all kinds", "axis", [new Bar("long", 0.1, 0.02), new Bar("none", 0, 0), new Bar("negative", -0.03, 0.01)]);
        BarChart.Save(work["flat.png"], "Bars", "all zero", "axis", [new Bar("none", 0, 0)]);
        RocChart.Save(work["roc.png"], "Curves", "one", [new Roc("v0", [(0, 0), (0.2, 0.8), (1, 1)])]);
        ConfusionChart.Save(work["confusion.png"], "Matrix", "with an empty row", ["dry", "rain"], [[0, 0], [3, 4]]);

        Assert.Equal((1520, 480), Size(work["bars.png"]));
        Assert.Equal((1520, 376), Size(work["flat.png"]));
        Assert.Equal((1144, 1212), Size(work["roc.png"]));
        Assert.Equal((1144, 876), Size(work["confusion.png"]));
    }

    private static (int Width, int Height) Size(string path)
    {
        var bytes = File.ReadAllBytes(path);
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], bytes[..4]);
        // The header chunk follows the signature: width and height, big-endian.
        int At(int offset) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset));
        return (At(16), At(20));
    }
}
