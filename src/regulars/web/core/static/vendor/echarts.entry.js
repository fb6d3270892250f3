export { init, use, getInstanceByDom } from "echarts/core";
import { use } from "echarts/core";
import { LineChart, BarChart, ScatterChart, HeatmapChart, CustomChart, RadarChart, GraphChart } from "echarts/charts";
import { GridComponent, TooltipComponent, MarkLineComponent, MarkPointComponent, MarkAreaComponent, VisualMapContinuousComponent, AxisPointerComponent, RadarComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import { LabelLayout } from "echarts/features";
use([LineChart, BarChart, ScatterChart, HeatmapChart, CustomChart, RadarChart, GraphChart, GridComponent, TooltipComponent, MarkLineComponent, MarkPointComponent, MarkAreaComponent, VisualMapContinuousComponent, AxisPointerComponent, RadarComponent, CanvasRenderer, LabelLayout]);
